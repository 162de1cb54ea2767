import Testing

@testable import Web

@Suite("What a Prometheus server reads")
struct PrometheusTests {
    @Test("Counters, gauges and histograms as the text format has them")
    func text() {
        let metrics = PrometheusMetrics()
        metrics.counter("requests_total", [("route", "/:area/"), ("method", "GET")]).increment(by: Int64(2))
        metrics.counter("requests_total", [("method", "GET"), ("route", "/:area/")]).increment(by: Int64(1))
        metrics.gauge("queue", []).set(3.5)
        let timer = metrics.histogram("seconds", [("job", "a")], bounds: [0.1, 1])
        timer.recordNanoseconds(50_000_000)
        timer.recordNanoseconds(100_000_000)
        timer.recordNanoseconds(5_000_000_000)
        #expect(
            metrics.render() == """
                # TYPE queue gauge
                queue 3.5
                # TYPE requests_total counter
                requests_total{method="GET",route="/:area/"} 3
                # TYPE seconds histogram
                seconds_bucket{job="a",le="0.1"} 2
                seconds_bucket{job="a",le="1"} 2
                seconds_bucket{job="a",le="+Inf"} 3
                seconds_sum{job="a"} 5.15
                seconds_count{job="a"} 3

                """)
    }

    @Test("Names and values that do not fit are made to fit")
    func escaping() {
        let metrics = PrometheusMetrics()
        metrics.counter("9 lives-total", [("la-bel", "a\"b\\c\nd"), ("2", "张")]).increment(by: Int64(1))
        #expect(
            metrics.render()
                == "# TYPE _9_lives_total counter\n_9_lives_total{_2=\"张\",la_bel=\"a\\\"b\\\\c\\nd\"} 1\n")
    }

    @Test("A label nobody foresaw does not fill the memory")
    func cardinality() {
        let metrics = PrometheusMetrics(seriesAName: 10, names: 2)
        for number in 0..<1000 { metrics.counter("c", [("id", "\(number)")]).increment(by: Int64(1)) }
        let lines = metrics.render().split(separator: "\n")
        #expect(lines.count == 12)
        #expect(lines.contains("c{overflow=\"true\"} 990"))
        metrics.counter("d", []).increment(by: Int64(1))
        metrics.counter("e", []).increment(by: Int64(1))
        #expect(!metrics.render().contains("e 1"))
    }

    @Test("A name keeps its first kind, and a counter never falls")
    func kinds() {
        let metrics = PrometheusMetrics()
        metrics.counter("x", []).increment(by: Int64(1))
        metrics.gauge("x", []).set(9.0)
        metrics.counter("x", []).increment(by: Int64(-5))
        #expect(metrics.render() == "# TYPE x counter\nx 1\n")
        metrics.gauge("y", []).increment(by: 2.0)
        metrics.gauge("y", []).decrement(by: 3.0)
        #expect(metrics.render().contains("y -1\n"))
    }

    @Test("Many threads count nothing twice and lose nothing")
    func threads() async {
        let metrics = PrometheusMetrics()
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    for _ in 0..<500 {
                        metrics.counter("c", [("task", "\(task % 2)")]).increment(by: Int64(1))
                        metrics.histogram("h", [], bounds: [1]).record(0.5)
                    }
                }
            }
        }
        #expect(metrics.render().contains("c{task=\"0\"} 2000\nc{task=\"1\"} 2000\n"))
        #expect(metrics.render().contains("h_count 4000\n"))
    }
}
