import Foundation
package import Metrics
import Synchronization

/// Keeps what the program measures and shows it to a Prometheus server (text exposition format 0.0.4).
///
/// Bootstrapped once by the composition root. Of one name at most `seriesAName` combinations of labels are kept; what
/// comes later is counted under `overflow="true"`, so that a label nobody foresaw cannot fill the memory.
package final class PrometheusMetrics: MetricsFactory {
    /// `text/plain; version=0.0.4; charset=utf-8`.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"
    /// The upper bounds of timers in seconds.
    package static let timerBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// The upper bounds of recorders, in their own unit.
    package static let recorderBounds: [Double] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000, 1_000_000,
    ]

    private let families = Mutex<[String: MetricFamily]>([:])
    private let seriesAName: Int
    private let names: Int
    private let help: [String: String]

    /// - Parameter help: what each name means, in one line.
    package init(seriesAName: Int = 1_000, names: Int = 1_000, help: [String: String] = [:]) {
        self.help = help
        self.seriesAName = seriesAName
        self.names = names
    }

    /// A count that only rises, until the program ends.
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    /// As `makeCounter`, for parts of a whole.
    package func makeFloatingPointCounter(label: String, dimensions: [(String, String)])
        -> any FloatingPointCounterHandler
    {
        counter(label, dimensions)
    }

    /// A value that rises and falls, shown as it last stood.
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    /// With `aggregate` a histogram over `recorderBounds`, without it the last value.
    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions, bounds: Self.recorderBounds) : gauge(label, dimensions)
    }

    /// A histogram over `timerBounds`, in seconds.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any Metrics.TimerHandler {
        histogram(label, dimensions, bounds: Self.timerBounds)
    }

    // A series stays as long as the program: a counter that went away and came back would look like a restart.
    /// Keeps the series.
    package func destroyCounter(_ handler: any CounterHandler) {}
    /// Keeps the series.
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    /// Keeps the series.
    package func destroyMeter(_ handler: any MeterHandler) {}
    /// Keeps the series.
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Keeps the series.
    package func destroyTimer(_ handler: any Metrics.TimerHandler) {}

    func counter(_ name: String, _ labels: [(String, String)]) -> NumberSeries {
        series(.counter, name, labels) { NumberSeries(mayFall: false) }
    }

    func gauge(_ name: String, _ labels: [(String, String)]) -> NumberSeries {
        series(.gauge, name, labels) { NumberSeries(mayFall: true) }
    }

    func histogram(_ name: String, _ labels: [(String, String)], bounds: [Double]) -> HistogramSeries {
        series(.histogram, name, labels) { HistogramSeries(bounds: bounds) }
    }

    /// The series of a name and its labels. One that is already kept as something else, or beyond all bounds, is counted
    /// but not shown: measuring never fails.
    private func series<Series: MetricSeries>(
        _ kind: MetricFamily.Kind, _ name: String, _ labels: [(String, String)], _ make: () -> Series
    ) -> Series {
        let name = MetricText.name(name)
        let labels = MetricText.labels(labels)
        return families.withLock { families in
            if families[name] == nil {
                guard families.count < names else { return make() }
                families[name] = MetricFamily(kind: kind)
            }
            guard families[name]?.kind == kind else { return make() }
            if let known = families[name]?.series[labels] as? Series { return known }
            let isFull = families[name]?.series.count ?? 0 >= seriesAName
            let key = isFull ? "overflow=\"true\"" : labels
            if let known = families[name]?.series[key] as? Series { return known }
            let fresh = make()
            families[name]?.series[key] = fresh
            return fresh
        }
    }

    /// Everything that is kept, by name and labels.
    package func render() -> String {
        var out = ""
        for (name, family) in families.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
            if let meaning = help[name] { out += "# HELP \(name) \(meaning)\n" }
            out += "# TYPE \(name) \(family.kind.rawValue)\n"
            for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                for line in series.lines {
                    let all = [labels, line.label].filter { !$0.isEmpty }.joined(separator: ",")
                    out += name + line.suffix + (all.isEmpty ? "" : "{\(all)}") + " " + line.value + "\n"
                }
            }
        }
        return out
    }
}

/// All series of one name.
struct MetricFamily {
    enum Kind: String { case counter, gauge, histogram }

    let kind: Kind
    /// By their labels as they are shown.
    var series: [String: any MetricSeries] = [:]
}

/// The text format's own rules.
enum MetricText {
    /// Letters, digits, `_` and `:`, not beginning with a digit.
    static func name(_ text: String) -> String { clean(text, colon: true) }

    /// `method="GET",route="/"`, by name; of the same name the last counts.
    static func labels(_ pairs: [(String, String)]) -> String {
        var byName: [String: String] = [:]
        for (name, value) in pairs { byName[clean(name, colon: false)] = value }
        return byName.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(escaped($0.value))\"" }.joined(separator: ",")
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return String(value)
    }

    private static func clean(_ text: String, colon: Bool) -> String {
        var out = ""
        for byte in text.utf8 {
            let fits =
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || (colon && byte == 58)
            out.unicodeScalars.append(fits ? Unicode.Scalar(byte) : "_")
        }
        guard let first = out.utf8.first, !(48...57).contains(first) else { return "_" + out }
        return out
    }

    private static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.prefix(200).unicodeScalars {
            switch scalar {
            case "\\": out += "\\\\"
            case "\"": out += "\\\""
            case "\n": out += "\\n"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
