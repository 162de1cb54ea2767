/// What is drawn; places are relative to the strip's top left corner (or the sheet's, on the sheet itself).
enum Mark {
    case text(TextLayout.Line, x: Double, y: Double)
    case rule(fromX: Double, fromY: Double, toX: Double, toY: Double, width: Double, ink: Ink)
    case picture(Picture, x: Double, y: Double)
    /// An area that opens an address.
    case link(String, x: Double, y: Double, width: Double, height: Double)
    /// Where the middle of a seal belongs.
    case seal(x: Double, y: Double)
    /// Begin and end of a structure element of tagged PDF (ISO 32000-1, 14.8).
    case open(String)
    case close(String)
}

/// A structure element that several strips belong to.
struct Element: Equatable {
    /// `P`, `H1`, `L`, `LI`, `Table`.
    let name: String
    let id: Int
}

/// A horizontal piece of the page that is never cut: a line of text, a row, a signature.
struct Strip {
    var height: Double
    /// Above it; dropped at the top of a page.
    var space = 0.0
    var marks: [Mark] = []
    /// No page break between this strip and the next.
    var keepsWithNext = false
    var elements: [Element] = []
    var frame: Frame?

    /// The ruled table a strip is a row of.
    struct Frame {
        let id: Int
        /// Repeated at the top of each page the table reaches.
        let head: [Head]
        let left: Double
        let right: Double
    }

    /// A row of a table's head.
    struct Head {
        let height: Double
        let marks: [Mark]
        let elements: [Element]
    }
}

/// A page as strips with their places.
struct Page {
    struct Placed {
        let y: Double
        let marks: [Mark]
        let elements: [Element]
    }

    var placed: [Placed] = []
}
