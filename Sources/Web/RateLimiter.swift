package import Kernel
import Synchronization

/// Slows down those who try too often: sign-in, codes, anonymous posts. Kept in memory, per process, bounded.
package final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: Moment
    }

    private let buckets = Mutex<[String: Bucket]>([:])
    private let capacity = 100_000

    package init() {}

    /// Takes one of `limit` tries that grow back evenly within `seconds`.
    ///
    /// - Throws: `.tooMany` with the seconds until the next try.
    package func take(_ act: String, _ who: String, limit: Int, per seconds: Int, at now: Moment) throws(DomainError) {
        let key = act + "\u{0}" + who
        let rate = Double(limit) / Double(seconds)
        let wait: Double? = buckets.withLock { buckets in
            if buckets.count >= capacity {
                buckets = buckets.filter { now.milliseconds - $0.value.at.milliseconds < 3_600_000 }
                if buckets.count >= capacity { buckets.removeAll() }
            }
            var bucket = buckets[key] ?? Bucket(tokens: Double(limit), at: now)
            let elapsed = max(0, Double(now.milliseconds - bucket.at.milliseconds) / 1000)
            bucket.tokens = min(Double(limit), bucket.tokens + elapsed * rate)
            bucket.at = now
            defer { buckets[key] = bucket }
            if bucket.tokens < 1 { return (1 - bucket.tokens) / rate }
            bucket.tokens -= 1
            return nil
        }
        if let wait { throw .tooMany(retryAfter: max(1, Int(wait.rounded(.up)))) }
    }

    /// Forgets the tries, as after a sign-in that succeeded.
    package func forget(_ act: String, _ who: String) {
        buckets.withLock { _ = $0.removeValue(forKey: act + "\u{0}" + who) }
    }
}
