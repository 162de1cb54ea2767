import Foundation

/// One table for everything.
enum Table {
    static func head(_ title: String) {
        print("\n## \(title)\n\n| what | measured | compared with | ratio or aim | reached |\n|---|---:|---:|---:|---|")
    }

    static func line(_ what: String, _ measured: String, _ compared: String = "", _ aim: String = "", _ ok: Bool? = nil)
    {
        print("| \(what) | \(measured) | \(compared) | \(aim) | \(ok.map { $0 ? "yes" : "no" } ?? "") |")
    }

    static func ratio(_ what: String, _ value: Double, to base: Double, aim: Double, unit: String = "/s") {
        let ratio = value / base
        line(what, number(value) + unit, number(base) + unit, "\(number(ratio)) (aim \(number(aim)))", ratio >= aim)
    }

    /// Milliseconds at the 50th, 95th and 99th of a hundred, against aims.
    static func spread(_ what: String, _ seconds: [Double], aims: [Double]) {
        let found = [0.5, 0.95, 0.99].map { quantile(seconds, $0) * 1000 }
        line(
            what, found.map { number($0) }.joined(separator: " / ") + " ms", "p50 / p95 / p99",
            aims.map { number($0) }.joined(separator: " / ") + " ms", zip(found, aims).allSatisfy { $0 <= $1 })
    }

    static func quantile(_ values: [Double], _ part: Double) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
    }

    static func number(_ value: Double) -> String {
        String(format: value < 0.1 ? "%.4f" : value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value)
    }
}
