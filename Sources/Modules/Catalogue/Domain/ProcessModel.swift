import Kernel

// MARK: BPMN 2.0 (ISO/IEC 19510) with diagram interchange, for other tools

extension ProcessChart {
    /// The chart as a BPMN 2.0 document: a lane for everybody who works, user tasks with who, how long and by which law in
    /// their documentation, gateways where roads part and meet, and the shapes and edges by which tools draw it.
    ///
    /// - Parameter id: of the process; letters, digits, hyphens.
    package func bpmn(id: String) -> String { ProcessModel(self, id: id).xml }
}

/// Nodes and flows with their places.
private struct ProcessModel {
    enum Kind: String {
        case start = "startEvent"
        case end = "endEvent"
        case task = "userTask"
        case exclusive = "exclusiveGateway"
        case parallel = "parallelGateway"

        var size: (width: Int, height: Int) {
            switch self {
            case .start, .end: (36, 36)
            case .task: (140, 80)
            case .exclusive, .parallel: (50, 50)
            }
        }
    }

    struct Node {
        let id: String
        let kind: Kind
        let name: String
        let lane: Int
        let documentation: String
        /// The flow a gateway takes where nothing is said.
        var normally: String?
    }

    struct Flow {
        let id: String
        let from: String
        let to: String
        var name: String?
        var condition: String?
    }

    private let chart: ProcessChart
    private let id: String
    private var nodes: [Node] = []
    private var flows: [Flow] = []
    private var lanes: [String] = []

    init(_ chart: ProcessChart, id: String) {
        self.chart = chart
        self.id = "process-" + id
        lanes = [chart.language == .en ? "Applicant" : "申请人"]
        nodes = [Node(id: "start", kind: .start, name: chart.begins, lane: 0, documentation: "")]
        for step in chart.steps where !lanes.contains(step.who) { lanes.append(step.who) }
        /// Where a road goes on from after each step.
        var exits: [String: String] = [:]
        for step in chart.steps {
            nodes.append(
                Node(
                    id: "task-" + step.id, kind: .task, name: step.title, lane: lanes.firstIndex(of: step.who) ?? 0,
                    documentation: documentation(step)))
            exits[step.id] = "task-" + step.id
            if let refusal = step.refusal { exits[step.id] = part(step, refusal) }
        }
        let first = chart.steps.filter(\.after.isEmpty)
        var waiting: [String: [String]] = [:]
        for step in chart.steps { for before in step.after { waiting[before, default: []].append("task-" + step.id) } }
        /// Roads that meet in one step, or at the end, meet in a gateway before it.
        var entries: [String: String] = [:]
        for step in chart.steps where step.after.count > 1 {
            entries["task-" + step.id] = gateway("join-" + step.id, lane: lanes.firstIndex(of: step.who) ?? 0)
        }
        nodes.append(Node(id: "end", kind: .end, name: chart.ends, lane: 0, documentation: ""))
        if chart.last.count > 1 { entries["end"] = gateway("join-end", lane: 0) }
        for (gate, target) in entries.map({ ($1, $0) }).sorted(by: { $0.0 < $1.0 }) { connect(gate, target) }
        spread(from: "start", to: first.map { "task-" + $0.id }, entries, gate: "fork-start", lane: 0)
        for step in chart.steps {
            let targets = waiting[step.id] ?? ["end"]
            spread(
                from: exits[step.id] ?? "", to: targets, entries, gate: "fork-" + step.id,
                lane: lanes.firstIndex(of: step.who) ?? 0)
        }
        if chart.steps.isEmpty { connect("start", "end") }
    }

    private func documentation(_ step: ProcessChart.Step) -> String {
        ([step.who, step.within] + step.notes + [step.law ?? ""]).filter { !$0.isEmpty }
            .joined(separator: chart.language == .en ? "; " : "；")
    }

    private mutating func gateway(_ id: String, lane: Int) -> String {
        nodes.append(Node(id: id, kind: .parallel, name: "", lane: lane, documentation: ""))
        return id
    }

    /// After the step the road parts: on, or to an end of its own.
    private mutating func part(_ step: ProcessChart.Step, _ refusal: String) -> String {
        let lane = lanes.firstIndex(of: step.who) ?? 0
        let (gate, end) = ("decide-" + step.id, "refused-" + step.id)
        nodes.append(
            Node(
                id: gate, kind: .exclusive, name: chart.language == .en ? "Granted?" : "是否准予", lane: lane,
                documentation: ""))
        nodes.append(Node(id: end, kind: .end, name: refusal, lane: lane, documentation: ""))
        connect("task-" + step.id, gate)
        connect(gate, end, name: refusal, condition: "decision == 'refused'")
        return gate
    }

    private mutating func spread(
        from: String, to targets: [String], _ entries: [String: String], gate: String, lane: Int
    ) {
        let doors = targets.map { entries[$0] ?? $0 }
        var origin = from
        if doors.count > 1 {
            origin = gateway(gate, lane: lane)
            normal(from, connect(from, origin))
        }
        for door in doors {
            let flow = connect(origin, door)
            if doors.count == 1 { normal(from, flow) }
        }
    }

    @discardableResult
    private mutating func connect(_ from: String, _ to: String, name: String? = nil, condition: String? = nil) -> String
    {
        let flow = "flow-\(flows.count + 1)"
        flows.append(Flow(id: flow, from: from, to: to, name: name, condition: condition))
        return flow
    }

    private mutating func normal(_ node: String, _ flow: String) {
        guard let index = nodes.firstIndex(where: { $0.id == node && $0.kind == .exclusive }) else { return }
        nodes[index].normally = flow
    }

    // MARK: Places

    private static let (columnWidth, laneHeight, margin, labelWidth) = (200, 130, 40, 30)

    /// The column of each node: one right of the furthest before it.
    private var columns: [String: Int] {
        var columns: [String: Int] = [:]
        for _ in nodes {
            var changed = false
            for node in nodes {
                let before = flows.filter { $0.to == node.id }.compactMap { columns[$0.from] }
                let column = before.max().map { $0 + 1 } ?? (node.id == "start" ? 0 : nil)
                if let column, columns[node.id] != column {
                    columns[node.id] = column
                    changed = true
                }
            }
            if !changed { break }
        }
        return columns
    }

    /// Where each node stands: no two in one place of a lane, which grows by rows where needed.
    private func places() -> (
        boxes: [String: (x: Int, y: Int, width: Int, height: Int)], tops: [Int], heights: [Int], width: Int
    ) {
        let columns = columns
        var rows: [String: Int] = [:]
        var taken: [String: Int] = [:]
        for node in nodes {
            let key = "\(node.lane) \(columns[node.id] ?? 0)"
            rows[node.id] = taken[key, default: 0]
            taken[key, default: 0] += 1
        }
        let deep = lanes.indices.map { lane in
            max(1, (nodes.filter { $0.lane == lane }.compactMap { rows[$0.id] }.max() ?? 0) + 1)
        }
        let heights = deep.map { $0 * Self.laneHeight }
        var tops: [Int] = []
        var top = Self.margin
        for height in heights {
            tops.append(top)
            top += height
        }
        var boxes: [String: (x: Int, y: Int, width: Int, height: Int)] = [:]
        for node in nodes {
            let (width, height) = node.kind.size
            let column = columns[node.id] ?? 0
            let middle = Self.margin + Self.labelWidth * 2 + column * Self.columnWidth + Self.columnWidth / 2
            let y = tops[node.lane] + (rows[node.id] ?? 0) * Self.laneHeight + Self.laneHeight / 2
            boxes[node.id] = (middle - width / 2, y - height / 2, width, height)
        }
        let width = Self.labelWidth * 2 + ((columns.values.max() ?? 0) + 1) * Self.columnWidth
        return (boxes, tops, heights, width)
    }

    // MARK: XML

    var xml: String {
        let escape = Flowchart.escaped
        var out = """
            <?xml version="1.0" encoding="UTF-8"?>
            <bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
            xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
            xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
            id="definitions-\(escape(id))" targetNamespace="https://tongban.example/bpmn" exporter="Tongban">
            <bpmn:collaboration id="collaboration"><bpmn:participant id="participant" name="\(escape(chart.title))" \
            processRef="\(escape(id))"/></bpmn:collaboration>
            <bpmn:process id="\(escape(id))" name="\(escape(chart.title))" isExecutable="true">
            <bpmn:documentation>\(escape(chart.summary))</bpmn:documentation>
            <bpmn:laneSet id="lanes">

            """
        for (index, lane) in lanes.enumerated() {
            let own = nodes.filter { $0.lane == index }.map { "<bpmn:flowNodeRef>\(escape($0.id))</bpmn:flowNodeRef>" }
            out += "<bpmn:lane id=\"lane-\(index)\" name=\"\(escape(lane))\">\(own.joined())</bpmn:lane>\n"
        }
        out += "</bpmn:laneSet>\n"
        for node in nodes {
            let into = flows.filter { $0.to == node.id }.map { "<bpmn:incoming>\($0.id)</bpmn:incoming>" }
            let from = flows.filter { $0.from == node.id }.map { "<bpmn:outgoing>\($0.id)</bpmn:outgoing>" }
            let words =
                node.documentation.isEmpty
                ? "" : "<bpmn:documentation>\(escape(node.documentation))</bpmn:documentation>"
            out +=
                "<bpmn:\(node.kind.rawValue) id=\"\(escape(node.id))\""
                + (node.name.isEmpty ? "" : " name=\"\(escape(node.name))\"")
                + (node.normally.map { " default=\"\($0)\"" } ?? "")
                + ">\(words)\((into + from).joined())</bpmn:\(node.kind.rawValue)>\n"
        }
        for flow in flows {
            out +=
                "<bpmn:sequenceFlow id=\"\(flow.id)\"" + (flow.name.map { " name=\"\(escape($0))\"" } ?? "")
                + " sourceRef=\"\(escape(flow.from))\" targetRef=\"\(escape(flow.to))\""
                + (flow.condition.map {
                    "><bpmn:conditionExpression xsi:type=\"bpmn:tFormalExpression\">\(escape($0))</bpmn:conditionExpression></bpmn:sequenceFlow>\n"
                } ?? "/>\n")
        }
        return out + "</bpmn:process>\n" + diagram + "</bpmn:definitions>\n"
    }

    private var diagram: String {
        let escape = Flowchart.escaped
        let (boxes, tops, heights, width) = places()
        func bounds(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> String {
            "<dc:Bounds x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\"/>"
        }
        var out = """
            <bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="collaboration">
            <bpmndi:BPMNShape id="shape-participant" bpmnElement="participant" isHorizontal="true">\
            \(bounds(Self.margin, Self.margin, width, heights.reduce(0, +)))</bpmndi:BPMNShape>

            """
        for index in lanes.indices {
            out +=
                "<bpmndi:BPMNShape id=\"shape-lane-\(index)\" bpmnElement=\"lane-\(index)\" isHorizontal=\"true\">"
                + bounds(Self.margin + Self.labelWidth, tops[index], width - Self.labelWidth, heights[index])
                + "</bpmndi:BPMNShape>\n"
        }
        for node in nodes {
            guard let box = boxes[node.id] else { continue }
            out +=
                "<bpmndi:BPMNShape id=\"shape-\(escape(node.id))\" bpmnElement=\"\(escape(node.id))\">"
                + bounds(box.x, box.y, box.width, box.height) + "</bpmndi:BPMNShape>\n"
        }
        for flow in flows {
            guard let from = boxes[flow.from], let to = boxes[flow.to] else { continue }
            let start = (x: from.x + from.width, y: from.y + from.height / 2)
            let end = (x: to.x, y: to.y + to.height / 2)
            let middle = start.y == end.y ? [] : [(x: end.x - 25, y: start.y), (x: end.x - 25, y: end.y)]
            let points = ([start] + middle + [end]).map { "<di:waypoint x=\"\($0.x)\" y=\"\($0.y)\"/>" }.joined()
            out += "<bpmndi:BPMNEdge id=\"edge-\(flow.id)\" bpmnElement=\"\(flow.id)\">\(points)</bpmndi:BPMNEdge>\n"
        }
        return out + "</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>\n"
    }
}
