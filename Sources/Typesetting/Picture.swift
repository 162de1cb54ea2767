import CPango

/// A drawing that stands on several places: the PDF holds it once, as vectors.
final class Picture {
    let surface: OpaquePointer

    /// Records what `draw` draws, `width` by `height` points.
    init(width: Double, height: Double, _ draw: (OpaquePointer) -> Void) throws(TypesettingError) {
        var extents = cairo_rectangle_t(x: 0, y: 0, width: width, height: height)
        guard let surface = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &extents),
            let pen = cairo_create(surface)
        else { throw .drawing("cairo_recording_surface_create") }
        defer { cairo_destroy(pen) }
        draw(pen)
        self.surface = surface
        try check(cairo_status(pen))
    }

    deinit { cairo_surface_destroy(surface) }

    /// A QR code, dark on a white ground with its quiet zone, `side` in all.
    convenience init(_ code: QRCode, side: Double) throws(TypesettingError) {
        try self.init(width: side, height: side) { pen in
            cairo_set_source_rgb(pen, 1, 1, 1)
            cairo_paint(pen)
            let modules = Double(code.size + 2 * QRCode.quietZone)
            cairo_scale(pen, side / modules, side / modules)
            pen.set(.black)
            for run in code.runs {
                cairo_rectangle(
                    pen, Double(run.column + QRCode.quietZone), Double(run.row + QRCode.quietZone), Double(run.length),
                    1)
            }
            cairo_fill(pen)
        }
    }

    /// A line slanting over the whole sheet, as outlines: it marks the sheet and stays out of the text one copies.
    convenience init(watermark line: TextLayout.Line, _ measures: Measures) throws(TypesettingError) {
        let height = line.style.size * 1.6
        let word = try Picture(width: line.width, height: height) { pen in
            pen.set(line.style.ink)
            cairo_move_to(pen, 0, line.style.size * 1.2)
            pango_cairo_layout_line_path(pen, line.line)
            cairo_fill(pen)
        }
        let reach = (measures.width * measures.width + measures.height * measures.height).squareRoot() / 2
        let step = line.width + 90
        try self.init(width: measures.width, height: measures.height) { pen in
            cairo_translate(pen, measures.width / 2, measures.height / 2)
            cairo_rotate(pen, -Double.pi / 6)
            for row in -3...3 {
                let y = Double(row) * 140
                let half = max(0, reach * reach - y * y).squareRoot()
                var x = -line.width / 2 + (row.isMultiple(of: 2) ? 0 : step / 2)
                while x - step + line.width > -half { x -= step }
                while x < half {
                    cairo_set_source_surface(pen, word.surface, x, y)
                    cairo_paint(pen)
                    x += step
                }
            }
        }
    }
}
