import Foundation
import Kernel

/// A connection that is kept, used by one thread: what a client costs must not hide what the server costs.
final class Caller {
    struct Answer {
        let status: Int
        /// As it came: most callers never look at it.
        let headBytes: [UInt8]
        let body: [UInt8]

        var head: String { String(decoding: headBytes, as: UTF8.self) }
        var json: JSON? { try? JSONDecoder().decode(JSON.self, from: Data(body)) }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let port: UInt16
    private var socket: Int32 = -1
    private var buffer: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: 65_536)
    /// Sent with every request.
    var headers: [String: String] = [:]

    init(port: Int) { self.port = UInt16(port) }
    deinit { if socket >= 0 { close(socket) } }

    /// Asks and waits for the whole answer.
    ///
    /// - Throws: `Trouble` where the server is away or answers with something that is not HTTP/1.1.
    func call(_ method: String, _ path: String, _ body: String = "", kind: String = "application/json") throws
        -> Answer
    {
        if socket < 0 { try connect() }
        var text = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nAccept: application/json\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if method != "GET" { text += "Content-Type: \(kind)\r\nContent-Length: \(body.utf8.count)\r\n" }
        try send(Array((text + "\r\n" + body).utf8))
        return try receive()
    }

    private func connect() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(socket)
            socket = -1
            throw Trouble("nobody listens on port \(port)")
        }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        buffer = []
    }

    private func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw lost() }
            sent += count
        }
    }

    private func lost() -> Trouble {
        close(socket)
        socket = -1
        return Trouble("the connection was closed")
    }

    private func more() throws {
        let count = recv(socket, &chunk, chunk.count, 0)
        guard count > 0 else { throw lost() }
        buffer += chunk[0..<count]
    }

    private func receive() throws -> Answer {
        let mark: [UInt8] = [13, 10, 13, 10]
        var end: Int?
        while end == nil {
            try more()
            end = buffer.firstRange(of: mark)?.upperBound
        }
        let start = end ?? 0
        let head = Array(buffer[0..<start])
        // "HTTP/1.1 200 OK"
        guard start > 12, let status = Self.number(head[9..<12]) else {
            throw Trouble("not an answer: \(String(decoding: head.prefix(100), as: UTF8.self))")
        }
        if let length = Self.value(of: "content-length", in: head).flatMap({ Self.number($0) }) {
            while buffer.count < start + length { try more() }
            defer { buffer.removeFirst(start + length) }
            return Answer(status: status, headBytes: head, body: Array(buffer[start..<(start + length)]))
        }
        guard let coding = Self.value(of: "transfer-encoding", in: head), coding.elementsEqual("chunked".utf8) else {
            defer { buffer.removeFirst(start) }
            return Answer(status: status, headBytes: head, body: [])
        }
        return Answer(status: status, headBytes: head, body: try chunks(from: start))
    }

    private func chunks(from start: Int) throws -> [UInt8] {
        var body: [UInt8] = []
        var place = start
        while true {
            var line: Range<Int>?
            while line == nil {
                line = buffer[place...].firstRange(of: [13, 10])
                if line == nil { try more() }
            }
            guard let line, let size = Int(String(decoding: buffer[place..<line.lowerBound], as: UTF8.self), radix: 16)
            else { throw Trouble("a chunk without a size") }
            while buffer.count < line.upperBound + size + 2 { try more() }
            body += buffer[line.upperBound..<(line.upperBound + size)]
            place = line.upperBound + size + 2
            if size == 0 {
                buffer.removeFirst(place)
                return body
            }
        }
    }

    /// The value of a header, or nil; found without making text of the head.
    private static func value(of name: StaticString, in head: [UInt8]) -> ArraySlice<UInt8>? {
        let count = name.utf8CodeUnitCount
        var line = 0
        while let end = head[line...].firstIndex(of: 13) {
            if end - line > count, head[line + count] == 58,
                (0..<count).allSatisfy({ head[line + $0] | 0x20 == name.utf8Start[$0] | 0x20 })
            {
                return head[(line + count + 1)..<end].drop { $0 == 32 }
            }
            line = end + 2
        }
        return nil
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var number: Int?
        for digit in digits {
            guard digit >= 48, digit <= 57 else { return nil }
            number = (number ?? 0) * 10 + Int(digit - 48)
        }
        return number
    }

    /// Takes the cookies an answer sets.
    func keepCookies(of answer: Answer) {
        var jar: [String: String] = [:]
        for pair in (headers["Cookie"] ?? "").split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2 { jar[parts[0]] = parts[1] }
        }
        for line in answer.head.split(separator: "\r\n") where line.lowercased().hasPrefix("set-cookie:") {
            let pair = line.dropFirst(11).split(separator: ";")[0].split(separator: "=", maxSplits: 1)
            if pair.count == 2 { jar[pair[0].trimmingCharacters(in: .whitespaces)] = String(pair[1]) }
        }
        headers["Cookie"] = jar.map { "\($0)=\($1)" }.joined(separator: "; ")
    }
}

/// Why a measurement could not be made.
struct Trouble: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
