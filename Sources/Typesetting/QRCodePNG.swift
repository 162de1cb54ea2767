import CPango

extension QRCode {
    /// The code as a PNG of one bit a pixel with its quiet zone.
    ///
    /// - Parameter scale: pixels a module, 1…40.
    package func png(scale: Int = 8) throws(TypesettingError) -> [UInt8] {
        let scale = min(40, max(1, scale))
        let side = Int32((size + 2 * QRCode.quietZone) * scale)
        // In an A1 surface a set bit is written as white: paint everything, then clear the dark modules.
        let surface = cairo_image_surface_create(CAIRO_FORMAT_A1, side, side)
        defer { cairo_surface_destroy(surface) }
        let pen = cairo_create(surface)
        defer { cairo_destroy(pen) }
        cairo_set_antialias(pen, CAIRO_ANTIALIAS_NONE)
        cairo_paint(pen)
        cairo_set_operator(pen, CAIRO_OPERATOR_CLEAR)
        for run in runs {
            cairo_rectangle(
                pen, Double((run.column + QRCode.quietZone) * scale), Double((run.row + QRCode.quietZone) * scale),
                Double(run.length * scale), Double(scale))
        }
        cairo_fill(pen)
        try check(cairo_status(pen))
        cairo_surface_flush(surface)
        let sink = ByteSink()
        try check(cairo_surface_write_to_png_stream(surface, ByteSink.write, sink.closure))
        return withExtendedLifetime(sink) { sink.bytes }
    }
}
