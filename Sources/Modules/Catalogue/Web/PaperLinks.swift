package import Kernel
package import Web

/// Where the 空表 and 样例 of an item's materials are found.
package struct PaperLinks: Sendable {
    /// One link of a material's row.
    package struct Link: Sendable, Hashable {
        /// 空表 or 样例.
        package let use: MaterialPaper.Use
        /// A path of this site.
        package let href: String
        /// `PDF`, `DOCX` and so on, as the reader gets it.
        package let kind: String
    }

    /// Files of a material by the name they have in their address.
    static func files(of material: MaterialDefinition) -> [(name: String, paper: MaterialPaper)] {
        var samples = 0
        return (material.papers ?? []).map { paper in
            guard paper.use == .sample else { return ("blank", paper) }
            samples += 1
            return (samples == 1 ? "sample" : "sample-\(samples)", paper)
        }
    }

    /// The links of a material of an item on offer, blank forms first; the application form's lead to the form the program sets itself.
    ///
    /// - Parameter answers: names and values of the guiding questions, `s.business`: what does not apply is left out of the form.
    package static func links(
        of material: MaterialDefinition, in item: ItemDefinition, area: AreaCode, answers: [(String, String)] = []
    ) -> [Link] {
        var links: [Link] = []
        if material.id == item.applicationForm?.id, item.hasPaperForm {
            links.append(
                Link(use: .blank, href: CataloguePaths.blankForm.url(area, item.slug) + query(answers), kind: "PDF"))
            if item.hasExample {
                links.append(
                    Link(
                        use: .sample, href: CataloguePaths.sampleForm.url(area, item.slug) + query(answers), kind: "PDF"
                    ))
            }
        }
        return links
            + files(of: material).map { name, paper in
                Link(
                    use: paper.use, href: CataloguePaths.paper.url(area, item.slug, material.id, name),
                    kind: paper.kind.served.rawValue.uppercased())
            }
    }

    /// Fields of `catalogue.papers`: what stands in a material's row as 空表 · 样例.
    package static func views(_ links: [Link], of material: MaterialDefinition, _ exchange: Exchange) -> [View] {
        links.enumerated().map { index, link in
            View([
                "href": link.href, "label": exchange.text("catalogue.paper.\(link.use.rawValue)"),
                "kind": link.kind, "of": material.name[exchange.language], "first": index == 0,
            ])
        }
    }

    private static func query(_ answers: [(String, String)]) -> String {
        answers.isEmpty ? "" : "?" + answers.map { "\($0.0)=\(encode($0.1))" }.joined(separator: "&")
    }

    /// Answers are ids, so nothing else can be in them.
    private static func encode(_ id: String) -> String { id.filter { $0.isLetter || $0.isNumber || $0 == "_" } }
}
