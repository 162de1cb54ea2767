import CPango
import Kernel

/// Draws pages onto a PDF surface.
struct PDFWriter {
    let measures: Measures
    private let sink = ByteSink()
    private let surface: OpaquePointer
    private let pen: OpaquePointer
    private(set) var sealPlace: TypesetDocument.SealPlace?

    /// Draws and closes the document: the bytes and where a seal belongs.
    static func write(
        _ document: NoticeDocument, _ pages: [Page], _ measures: Measures, _ furniture: Furniture
    ) throws(TypesettingError) -> (pdf: [UInt8], sealPlace: TypesetDocument.SealPlace?) {
        var writer = try PDFWriter(measures)
        defer { writer.release() }
        writer.setMetadata(of: document)
        for (index, page) in pages.enumerated() {
            writer.place(furniture.watermark)
            // After the watermark: cairo forgets what was recorded before a paint over the whole first page.
            if index == 0 { cairo_tag_begin(writer.pen, "Document", nil) }
            writer.draw(page, number: index + 1)
            for mark in try furniture.foot(page: index + 1, of: pages.count) { writer.draw(mark, page: index + 1) }
            cairo_show_page(writer.pen)
        }
        cairo_tag_end(writer.pen, "Document")
        try check(cairo_status(writer.pen))
        cairo_surface_finish(writer.surface)
        try check(cairo_surface_status(writer.surface))
        let pdf = PDFCatalog.adding(language: document.language.tag, to: writer.sink.bytes)
        return (pdf, writer.sealPlace)
    }

    private init(_ measures: Measures) throws(TypesettingError) {
        self.measures = measures
        guard
            let surface = cairo_pdf_surface_create_for_stream(
                ByteSink.write, sink.closure, measures.width, measures.height),
            let pen = cairo_create(surface)
        else { throw .drawing("cairo_pdf_surface_create_for_stream") }
        self.surface = surface
        self.pen = pen
        // The lowest version with tags.
        cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5)
    }

    private func release() {
        cairo_destroy(pen)
        cairo_surface_finish(surface)
        cairo_surface_destroy(surface)
    }

    private func setMetadata(of document: NoticeDocument) {
        func set(_ key: cairo_pdf_metadata_t, _ value: String) {
            cairo_pdf_surface_set_metadata(surface, key, value.printable)
        }
        set(CAIRO_PDF_METADATA_TITLE, document.title.map(\.string).joined(separator: " "))
        set(CAIRO_PDF_METADATA_AUTHOR, document.organ.map(\.string).joined(separator: " "))
        set(CAIRO_PDF_METADATA_CREATOR, "Tongban")
        if let number = document.number { set(CAIRO_PDF_METADATA_SUBJECT, number) }
        // Without it a screen reader would not learn that the sheet is marked.
        if let watermark = document.watermark { set(CAIRO_PDF_METADATA_KEYWORDS, watermark) }
        set(CAIRO_PDF_METADATA_CREATE_DATE, document.createdAt.description.prefix(19) + "+08:00")
    }

    // MARK: Pages

    private mutating func draw(_ page: Page, number: Int) {
        var open: [Element] = []
        for placed in page.placed {
            close(&open, downTo: placed.elements)
            for element in placed.elements.dropFirst(open.count) {
                cairo_tag_begin(pen, element.name, nil)
                open.append(element)
            }
            cairo_save(pen)
            cairo_translate(pen, measures.left, placed.y)
            for mark in placed.marks { draw(mark, page: number, left: measures.left, top: placed.y) }
            cairo_restore(pen)
        }
        close(&open, downTo: [])
    }

    private func close(_ open: inout [Element], downTo wanted: [Element]) {
        while !open.isEmpty, !wanted.starts(with: open) {
            cairo_tag_end(pen, open.removeLast().name)
        }
    }

    private mutating func draw(_ mark: Mark, page: Int, left: Double = 0, top: Double = 0) {
        switch mark {
        case .text(let line, let x, let y): draw(line, x: x + line.x, y: y + line.baseline)
        case .rule(let x1, let y1, let x2, let y2, let width, let ink):
            set(ink)
            cairo_set_line_width(pen, width)
            cairo_set_line_cap(pen, CAIRO_LINE_CAP_SQUARE)
            cairo_move_to(pen, x1, y1)
            cairo_line_to(pen, x2, y2)
            cairo_stroke(pen)
        case .picture(let picture, let x, let y): place(picture, x: x, y: y)
        case .link(let address, let x, let y, let width, let height):
            cairo_tag_begin(pen, "Link", "rect=[\(x) \(y) \(width) \(height)] uri='\(address)'")
            cairo_tag_end(pen, "Link")
        case .seal(let x, let y):
            sealPlace = TypesetDocument.SealPlace(page: page, x: left + x, y: measures.height - top - y)
        case .open(let name): cairo_tag_begin(pen, name, nil)
        case .close(let name): cairo_tag_end(pen, name)
        }
    }

    private func draw(_ line: TextLayout.Line, x: Double, y: Double) {
        set(line.style.ink)
        cairo_new_path(pen)
        cairo_move_to(pen, x, y)
        pango_cairo_show_layout_line(pen, line.line)
        guard line.style.strong else { return }
        cairo_new_path(pen)
        cairo_move_to(pen, x, y)
        pango_cairo_layout_line_path(pen, line.line)
        cairo_set_line_width(pen, line.style.size * 0.028)
        cairo_set_line_join(pen, CAIRO_LINE_JOIN_MITER)
        cairo_stroke(pen)
    }

    /// Places a picture whose own top left corner goes to `x`, `y`.
    private func place(_ picture: Picture?, x: Double = 0, y: Double = 0) {
        guard let picture else { return }
        cairo_set_source_surface(pen, picture.surface, x, y)
        cairo_paint(pen)
    }

    private func set(_ ink: Ink) { pen.set(ink) }
}
