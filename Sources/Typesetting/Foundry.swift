import CPango
import Synchronization

/// Fonts as one render at a time uses them: a font map of its own with its caches, and a context a language. Pango
/// objects belong to one thread at a time; a foundry is handed from thread to thread whole.
final class Foundry {
    /// Noto Serif CJK alone carries Chinese and Latin: every further face of that size (24 MB) would cost cairo some
    /// 9 ms and 50 KB a document to subset, so headings are the same face drawn heavier.
    static let families = "Noto Serif CJK SC, Noto Serif Tibetan, Noto Sans Yi"

    private let map: UnsafeMutablePointer<PangoFontMap>
    private let contexts: [NoticeLanguage: OpaquePointer]

    /// Throws `fontMissing` when Chinese would come out as empty boxes.
    init() throws(TypesettingError) {
        guard let map = pango_cairo_font_map_new() else { throw .drawing("pango_cairo_font_map_new") }
        var contexts: [NoticeLanguage: OpaquePointer] = [:]
        let options = cairo_font_options_create()
        defer { cairo_font_options_destroy(options) }
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        for language in NoticeLanguage.allCases {
            guard let context = pango_font_map_create_context(map) else { continue }
            pango_cairo_context_set_font_options(context, options)
            pango_cairo_context_set_resolution(context, 72)
            pango_context_set_round_glyph_positions(context, 0)
            pango_context_set_language(context, pango_language_from_string(language.tag))
            pango_context_set_base_dir(context, PANGO_DIRECTION_LTR)
            contexts[language] = context
        }
        self.map = map
        self.contexts = contexts
        let probe = try TextLayout("行政许可", TypeStyle(size: 12, pitch: 18), language: .zh, foundry: self)
        guard probe.unknownGlyphs == 0 else { throw .fontMissing("Noto Serif CJK SC") }
    }

    deinit {
        for context in contexts.values { g_object_unref(UnsafeMutableRawPointer(context)) }
        g_object_unref(UnsafeMutableRawPointer(map))
    }

    func context(_ language: NoticeLanguage) throws(TypesettingError) -> OpaquePointer {
        guard let context = contexts[language] else { throw .drawing("pango_font_map_create_context") }
        return context
    }
}

/// Foundries at rest. A render takes one out, so no two threads share Pango objects; as many exist as renders ever ran
/// at the same time, at most `kept` of them are kept.
enum Foundries {
    private struct Idle: @unchecked Sendable {
        // Only reached through the mutex, and a foundry taken out has one owner.
        var foundries: [Foundry] = []
    }

    private static let kept = 8
    private static let idle = Mutex(Idle())

    static func lend<Result>(
        _ work: (Foundry) throws(TypesettingError) -> Result
    ) throws(TypesettingError) -> Result {
        let resting = take()
        let foundry = if let resting { resting } else { try Foundry() }
        defer { giveBack(foundry) }
        return try work(foundry)
    }

    private static func take() -> Foundry? {
        idle.withLock { idle in Transfer(foundry: idle.foundries.popLast()) }.foundry
    }

    private static func giveBack(_ foundry: Foundry) {
        let transfer = Transfer(foundry: foundry)
        idle.withLock { idle in
            if idle.foundries.count < kept, let foundry = transfer.foundry { idle.foundries.append(foundry) }
        }
    }

    /// Carries a foundry through the mutex's boundary.
    private struct Transfer: @unchecked Sendable {
        let foundry: Foundry?
    }
}
