import CPango

/// Collects what cairo writes.
final class ByteSink {
    private(set) var bytes: [UInt8] = []

    /// Valid while the sink lives.
    var closure: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    static let write: cairo_write_func_t = { closure, data, length in
        guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
        let sink = Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue()
        sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
        return CAIRO_STATUS_SUCCESS
    }
}

/// Throws cairo's own words when something went wrong; cairo remembers the first error of a surface or pen.
func check(_ status: cairo_status_t) throws(TypesettingError) {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    throw .drawing(String(cString: cairo_status_to_string(status)))
}

extension OpaquePointer {
    /// Sets a pen's colour.
    func set(_ ink: Ink) { cairo_set_source_rgb(self, ink.red, ink.green, ink.blue) }
}
