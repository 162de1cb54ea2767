import CPango

/// A text set into lines of a width.
final class TextLayout {
    enum Alignment {
        case leading, center, trailing

        fileprivate var pango: PangoAlignment {
            switch self {
            case .leading: PANGO_ALIGN_LEFT
            case .center: PANGO_ALIGN_CENTER
            case .trailing: PANGO_ALIGN_RIGHT
            }
        }
    }

    /// One line, to be drawn at `x` from the text's left edge.
    struct Line {
        let layout: TextLayout
        let line: UnsafeMutablePointer<PangoLayoutLine>
        let x: Double
        let width: Double
        /// From the top of the line's place to its baseline.
        let baseline: Double
        /// The line's place: the style's pitch, or more where letters need it.
        let height: Double
        var style: TypeStyle { layout.style }
    }

    let style: TypeStyle
    private let layout: OpaquePointer
    private var places: [Place] = []

    /// A line without its layout: a layout that held itself would never be freed.
    private struct Place {
        let line: UnsafeMutablePointer<PangoLayoutLine>
        let x: Double
        var width: Double
        let baseline: Double
        let height: Double
    }

    /// - Parameters:
    ///   - width: where lines end; nil for one line a paragraph.
    ///   - indent: of each paragraph's first line.
    ///   - justified: stretch full lines to the width (Chinese only; other languages stay ragged).
    init(
        _ text: String, _ style: TypeStyle, language: NoticeLanguage, foundry: Foundry, width: Double? = nil,
        indent: Double = 0, alignment: Alignment = .leading, justified: Bool = false
    ) throws(TypesettingError) {
        guard let layout = pango_layout_new(try foundry.context(language)) else { throw .drawing("pango_layout_new") }
        self.style = style
        self.layout = layout
        let font = pango_font_description_new()
        pango_font_description_set_family(font, Foundry.families)
        pango_font_description_set_absolute_size(font, style.size * Double(PANGO_SCALE))
        pango_layout_set_font_description(layout, font)
        pango_font_description_free(font)
        let attributes = pango_attr_list_new()
        // The face's own forms are the mainland's. Its local forms only swap digits beside letters for glyphs without a
        // character code, and cairo searches the whole character map (0.4 ms) for each such glyph.
        pango_attr_list_insert(attributes, pango_attr_font_features_new("locl=0"))
        pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(0))
        if style.spacing != 0 {
            let spacing = Int32(style.spacing * Double(PANGO_SCALE))
            pango_attr_list_insert(attributes, pango_attr_letter_spacing_new(spacing))
        }
        pango_layout_set_attributes(layout, attributes)
        pango_attr_list_unref(attributes)
        if let width {
            pango_layout_set_width(layout, Int32(max(style.size, width) * Double(PANGO_SCALE)))
            pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        }
        pango_layout_set_indent(layout, Int32(indent * Double(PANGO_SCALE)))
        pango_layout_set_auto_dir(layout, 0)
        pango_layout_set_alignment(layout, alignment.pango)
        pango_layout_set_text(layout, text, -1)
        collectLines(pitch: style.pitch(in: language))
        if justified, language == .zh, let width { justify(Array(text.utf8), width: width) }
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(layout)) }

    /// Characters no installed font has; they show as boxes with their code.
    var unknownGlyphs: Int { Int(pango_layout_get_unknown_glyphs_count(layout)) }

    var lines: [Line] {
        places.map {
            Line(layout: self, line: $0.line, x: $0.x, width: $0.width, baseline: $0.baseline, height: $0.height)
        }
    }
    var height: Double { places.reduce(0) { $0 + $1.height } }
    var width: Double { places.reduce(0) { max($0, $1.width) } }

    private func collectLines(pitch: Double) {
        let scale = Double(PANGO_SCALE)
        let iterator = pango_layout_get_iter(layout)
        defer { pango_layout_iter_free(iterator) }
        repeat {
            guard let line = pango_layout_iter_get_line(iterator) else { break }
            var logical = PangoRectangle()
            pango_layout_iter_get_line_extents(iterator, nil, &logical)
            let natural = Double(logical.height) / scale
            let ascent = Double(pango_layout_iter_get_baseline(iterator) - logical.y) / scale
            let height = max(pitch, natural)
            places.append(
                Place(
                    line: line, x: Double(logical.x) / scale, width: Double(logical.width) / scale,
                    baseline: (height - natural) / 2 + ascent, height: height))
        } while pango_layout_iter_next_line(iterator) != 0
    }

    /// Spreads what is left of each full line over its characters. Pango's own justification widens only the
    /// spaces when a line has any, which tears Chinese with a number in it apart.
    private func justify(_ text: [UInt8], width: Double) {
        for index in places.indices.dropLast() {
            let place = places[index]
            let end = Int(place.line.pointee.start_index + place.line.pointee.length)
            let rest = width - place.x - place.width
            guard rest > 0, rest < style.size * 4, end > 0, end < text.count, text[end] != UInt8(ascii: "\n") else {
                continue
            }
            let trailing = text[end - 1] == UInt8(ascii: " ")
            if stretch(by: rest, over: gaps(of: place.line, in: text).dropLast(trailing ? 2 : 1)) {
                places[index].width += rest
            }
        }
    }

    /// The glyphs after which a line may be stretched: Chinese characters, their punctuation, and spaces, but not inside
    /// of numbers and Latin words. The end of the line is among them.
    private func gaps(
        of line: UnsafeMutablePointer<PangoLayoutLine>, in text: [UInt8]
    ) -> [UnsafeMutablePointer<PangoGlyphInfo>] {
        var gaps: [UnsafeMutablePointer<PangoGlyphInfo>] = []
        var node = line.pointee.runs
        while let run = node {
            if let item = run.pointee.data?.assumingMemoryBound(to: PangoGlyphItem.self),
                let glyphs = item.pointee.glyphs, let clusters = glyphs.pointee.log_clusters,
                let start = item.pointee.item?.pointee.offset
            {
                let count = Int(glyphs.pointee.num_glyphs)
                for index in 0..<count where index + 1 == count || clusters[index + 1] != clusters[index] {
                    let byte = text[Int(start + clusters[index])]
                    if byte >= 0xE2 || byte == UInt8(ascii: " ") { gaps.append(glyphs.pointee.glyphs + index) }
                }
            }
            node = run.pointee.next
        }
        return gaps
    }

    /// Leaves a line alone that would be torn apart.
    private func stretch(by rest: Double, over gaps: ArraySlice<UnsafeMutablePointer<PangoGlyphInfo>>) -> Bool {
        let share = rest / Double(max(1, gaps.count))
        guard share < style.size * 0.5, !gaps.isEmpty else { return false }
        var given = 0.0
        for (index, gap) in gaps.enumerated() {
            let due = (share * Double(index + 1) * Double(PANGO_SCALE)).rounded()
            gap.pointee.geometry.width += Int32(due - given)
            given = due
        }
        return true
    }
}
