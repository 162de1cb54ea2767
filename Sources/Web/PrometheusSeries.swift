import Metrics
import Synchronization

/// What is measured under one name and one set of labels.
protocol MetricSeries: AnyObject, Sendable {
    /// As it is shown: what follows the name, a label of its own or "", the value.
    var lines: [(suffix: String, label: String, value: String)] { get }
}

/// A counter, which only grows, or a gauge.
final class NumberSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler {
    private let value = Mutex<Double>(0)
    private let mayFall: Bool

    init(mayFall: Bool) { self.mayFall = mayFall }

    func increment(by amount: Int64) { increment(by: Double(amount)) }
    func increment(by amount: Double) {
        guard amount >= 0 || mayFall else { return }
        value.withLock { $0 += amount }
    }
    func decrement(by amount: Double) { increment(by: -amount) }
    func reset() { value.withLock { $0 = 0 } }
    func set(_ number: Int64) { set(Double(number)) }
    func set(_ number: Double) { value.withLock { $0 = number } }
    func record(_ number: Int64) { set(Double(number)) }
    func record(_ number: Double) { set(number) }

    var lines: [(suffix: String, label: String, value: String)] {
        [("", "", MetricText.number(value.withLock { $0 }))]
    }
}

/// How often something was at most so much; timers in seconds.
final class HistogramSeries: MetricSeries, RecorderHandler, Metrics.TimerHandler {
    private struct Content {
        var counts: [Int]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let content: Mutex<Content>

    init(bounds: [Double]) {
        self.bounds = bounds
        content = Mutex(Content(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ number: Int64) { record(Double(number)) }
    func record(_ number: Double) {
        guard number.isFinite else { return }
        let place = bounds.firstIndex { number <= $0 } ?? bounds.count
        content.withLock { content in
            content.counts[place] += 1
            content.sum += number
        }
    }

    var lines: [(suffix: String, label: String, value: String)] {
        let content = content.withLock { $0 }
        var total = 0
        var lines: [(suffix: String, label: String, value: String)] = []
        for (bound, count) in zip(bounds + [.infinity], content.counts) {
            total += count
            lines.append(("_bucket", "le=\"\(MetricText.number(bound))\"", String(total)))
        }
        lines.append(("_sum", "", MetricText.number(content.sum)))
        lines.append(("_count", "", String(total)))
        return lines
    }
}
