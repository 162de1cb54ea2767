import CLibYAML

/// What libyaml finds in a text, one after another (https://yaml.org/spec/1.2.2/#32-processing-a-yaml-stream).
final class YamlEvents {
    enum Event {
        /// `plain` where it was written without quotes.
        case scalar(String, plain: Bool, anchor: String?)
        case sequenceStart(anchor: String?)
        case sequenceEnd
        case mappingStart(anchor: String?)
        case mappingEnd
        case alias(String)
        case documentStart, documentEnd, streamStart, streamEnd, none
    }

    /// Why the text is no YAML, and in which line, counted from 1.
    struct Fault: Error {
        let line: Int
        let problem: String
    }

    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    private let text: UnsafeBufferPointer<UInt8>
    /// The line of the last event, counted from 1.
    private(set) var line = 1

    /// - Parameter text: UTF-8 that stays where it is as long as this is used.
    init(_ text: UnsafeBufferPointer<UInt8>) throws(Fault) {
        self.text = text
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else { throw Fault(line: 1, problem: "out of memory") }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    func next() throws(Fault) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw fault() }
        defer { yaml_event_delete(&event) }
        line = event.start_mark.line + 1
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            return .scalar(
                String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self),
                plain: scalar.style == YAML_PLAIN_SCALAR_STYLE, anchor: Self.name(scalar.anchor))
        case YAML_SEQUENCE_START_EVENT: return .sequenceStart(anchor: Self.name(event.data.sequence_start.anchor))
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT: return .mappingStart(anchor: Self.name(event.data.mapping_start.anchor))
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_ALIAS_EVENT: return .alias(Self.name(event.data.alias.anchor) ?? "")
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_STREAM_START_EVENT: return .streamStart
        case YAML_STREAM_END_EVENT: return .streamEnd
        default: return .none
        }
    }

    private static func name(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        text.map { String(cString: $0) }
    }

    private func fault() -> Fault {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "unreadable"
        guard parser.pointee.error == YAML_READER_ERROR else {
            return Fault(line: parser.pointee.problem_mark.line + 1, problem: problem)
        }
        return Fault(line: text.prefix(parser.pointee.problem_offset).count { $0 == 10 } + 1, problem: problem)
    }
}
