import Foundation
import Kernel

/// A connection that is kept, used by one thread: what a client costs must not hide what the server costs.
final class Caller {
    struct Answer {
        let status: Int
        let head: String
        let body: [UInt8]

        var json: JSON? { try? JSONDecoder().decode(JSON.self, from: Data(body)) }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let port: UInt16
    private var socket: Int32 = -1
    private var buffer: [UInt8] = []
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
        var chunk = [UInt8](repeating: 0, count: 65_536)
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
        let head = String(decoding: buffer[0..<start], as: UTF8.self)
        guard let status = head.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap({ Int($0) }) else {
            throw Trouble("not an answer: \(head.prefix(100))")
        }
        let length = Self.header("content-length", in: head).flatMap { Int($0) }
        if let length {
            while buffer.count < start + length { try more() }
            defer { buffer.removeFirst(start + length) }
            return Answer(status: status, head: head, body: Array(buffer[start..<(start + length)]))
        }
        guard Self.header("transfer-encoding", in: head)?.lowercased() == "chunked" else {
            defer { buffer.removeFirst(start) }
            return Answer(status: status, head: head, body: [])
        }
        return Answer(status: status, head: head, body: try chunks(from: start))
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

    /// The value of a header, or nil.
    static func header(_ name: String, in head: String) -> String? {
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix(name + ":") {
            return line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
        }
        return nil
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
