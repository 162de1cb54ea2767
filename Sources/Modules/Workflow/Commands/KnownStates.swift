import Foundation
import Synchronization

/// States that were read or written lately, each beside the text it stands for: the same text need not be decoded again.
///
/// A text that differs by one byte is decoded, so nothing here can be out of date, whoever wrote the row.
final class KnownStates<State: Decodable & Sendable>: Sendable {
    private struct Known {
        let text: String
        let state: State
    }

    /// Two generations: what is asked for moves to the young one, and the old one goes when the young one is full.
    private struct Generations {
        var young: [String: Known] = [:]
        var old: [String: Known] = [:]
    }

    /// The most states of one generation; one takes a few kilobytes.
    private let capacity: Int
    private let generations = Mutex(Generations())

    init(capacity: Int = 1000) { self.capacity = capacity }

    /// The state a text stands for.
    ///
    /// - Throws: `DecodingError` where the text is no state.
    func state(of id: String, _ text: String) throws -> State {
        let found = generations.withLock { $0.young[id] ?? $0.old[id] }
        // Swift's == holds for texts that are spelled otherwise.
        if let found, found.text.utf8.elementsEqual(text.utf8) { return found.state }
        let state = try JSONDecoder().decode(State.self, from: Data(text.utf8))
        keep(state, of: id, text)
        return state
    }

    /// Keeps a state that was just written as this text.
    func keep(_ state: State, of id: String, _ text: String) {
        generations.withLock { generations in
            if generations.young.count >= capacity {
                generations.old = generations.young
                generations.young = [:]
            }
            generations.young[id] = Known(text: text, state: state)
        }
    }
}
