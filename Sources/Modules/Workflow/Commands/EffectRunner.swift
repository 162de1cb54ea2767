import Kernel
import Storage

/// Carries effects out in the transaction of the event they follow from.
struct EffectRunner {
    let area: AreaCode
    let stream: String
    let kind: String
    let at: Moment
    let labels: (number: String, item: String)
    let recipient: (account: String, bucket: String)?

    func run(_ effects: [Effect], _ tx: Transaction) throws {
        for effect in effects {
            switch effect {
            case .openTask(let spec):
                try TaskStore.open(spec, area: area, stream: stream, labels: labels, at: at, tx)
            case .closeTasks(let step): try TaskStore.close(area: area, stream: stream, step: step, tx)
            case .closeTask(let step, let queue):
                try TaskStore.close(area: area, stream: stream, step: step, queue: queue, tx)
            case .assignTasks(let person, let giver, let queue):
                try TaskStore.assign(area: area, stream: stream, to: person, by: giver, queue: queue, tx)
            case .moveTasks(let step, let warnAt, let dueAt):
                try TaskStore.move(area: area, stream: stream, step: step, warnAt: warnAt, dueAt: dueAt, tx)
            case .countTimers(let version): try TimerStore.counted(by: version, stream: stream, area: area, tx)
            case .startTimer(let spec): try TimerStore.start(spec, area: area, stream: stream, kind: kind, at: at, tx)
            case .pauseTimer(let name, let moment):
                try TimerStore.pause(area, stream: stream, name: name, at: moment, tx)
            case .resumeTimer(let name, _, let dueAt, let warnAt):
                try TimerStore.resume(area, stream: stream, name: name, warnAt: warnAt, dueAt: dueAt, tx)
            case .extendTimer(let name, let dueAt, let warnAt):
                try TimerStore.move(area, stream: stream, name: name, warnAt: warnAt, dueAt: dueAt, tx)
            case .stopTimer(let name): try TimerStore.stop(area, stream: stream, name: name, tx)
            case .notify(let spec):
                guard let recipient else { continue }
                try Outbox.post(
                    channel: "message", area: area, dedup: "\(stream)/\(spec.dedup)",
                    payload: Outbox.message(spec, stream: stream, recipient: recipient, area: area), at: at, tx)
            }
        }
    }
}
