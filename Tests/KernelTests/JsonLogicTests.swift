import Kernel
import Testing

@Suite("Rules of items")
struct JsonLogicTests {
    @Test(
        "An unknown operator is refused when the rule is read, with its place",
        arguments: [
            (#"{"metod":[1]}"#, "metod", ""), (#"{"if":[true,{"==":[{"vra":"a"},1]}]}"#, "vra", "/if/1/==/0"),
            (#"{"/":[1,{"nix":1}]}"#, "nix", "/~1/1"), (#"{"map":[[],{"outer":{"x.y":1}}]}"#, "outer", "/map/1"),
        ])
    func unknownOperators(text: String, name: String, path: String) throws {
        let json = try JSON(parsing: text)
        #expect(throws: RuleError(.unknownOperator(name), at: path)) { try JsonLogic(json) }
    }

    @Test("What a rule reads is the same whether a number was written 1.0 or 1, or true")
    func numbersAsPaths() throws {
        let rule = try JsonLogic(["missing": [1.0, 2.5, true, .int(9_007_199_254_740_993)]])
        #expect(rule.variables == ["1", "2.5", "true", "9007199254740992"])
        let more: JSON = ["var": "more"]
        #expect(try JsonLogic(["var": [1.0, 2, more]]).variables == JsonLogic(["var": [1, 2, more]]).variables)
        #expect(try JsonLogic(["var": [.int(9_007_199_254_740_993)]]).variables == ["9007199254740992"])
    }

    @Test("What the reference would fail on is refused")
    func tooFewArguments() throws {
        #expect(throws: RuleError(.tooFewArguments("*", needs: 1), at: "/*")) { try JsonLogic(["*": []]) }
        #expect(throws: RuleError(.tooFewArguments("missing_some", needs: 2), at: "/missing_some")) {
            try JsonLogic(["missing_some": 1])
        }
        #expect(throws: RuleError(.notAList("missing_some"))) {
            try run(JsonLogic(["missing_some": [1, ["var": "none"]]]))
        }
        #expect(RuleError(.unknownOperator("x"), at: "/if/0").description == "unknown operator \"x\" at /if/0")
    }

    @Test("Nesting without end is refused")
    func depth() throws {
        var rule: JSON = true
        for _ in 0..<JsonLogic.maximumDepth { rule = ["!": rule] }
        #expect(try run(JsonLogic(rule)) == true)
        let deeper: JSON = ["!": rule]
        #expect(throws: RuleError.self) { try JsonLogic(deeper) }
    }

    @Test(
        "A rule cannot hang a server: values that double, nest or are copied without end are stopped",
        arguments: [
            #"{"merge":[{"var":"accumulator"},{"var":"accumulator"}]}"#,
            #"[{"var":"accumulator"},{"var":"accumulator"}]"#,
            #"[{"var":"accumulator"}]"#,
            #"{"cat":[{"var":"accumulator"},{"var":"accumulator"},"x"]}"#,
            #"{"reduce":[{"var":"current"},{"reduce":[{"var":"current"},1]}]}"#,
        ])
    func budget(body: String) throws {
        let list = JSON.array(
            Array(repeating: .array(Array(repeating: .array(Array(repeating: 1, count: 40)), count: 40)), count: 100))
        let rule = try JsonLogic(["reduce": [["var": "list"], JSON(parsing: body), [1]]])
        let clock = ContinuousClock()
        let spent = clock.measure {
            #expect(throws: RuleError.self) { try run(rule, ["list": list]) }
        }
        #expect(spent < .seconds(5))
    }

    @Test("A rule over a table of five hundred lines is within the budget")
    func bigTable() throws {
        let lines = JSON.array((0..<500).map { ["amount": .int(Int64($0)), "kind": "food"] })
        let rule = try JsonLogic(
            JSON(
                parsing: #"{"reduce":[{"filter":[{"var":"lines"},{"==":[{"var":"kind"},"food"]}]},"#
                    + #"{"+":[{"var":"current.amount"},{"var":"accumulator"}]},0]}"#))
        #expect(try run(rule, ["lines": lines]) == 124_750)
    }

    @Test("The variables of a rule are those of the data, not those of an element")
    func variables() throws {
        func read(_ text: String) throws -> JsonLogic { try JsonLogic(JSON(parsing: text)) }
        #expect(
            try read(
                #"{"and":[{"var":"a.b"},{"missing":["c",{"var":"d"}]},{"missing_some":[1,["e","f"]]},{"var":["g",{"var":"h"}]}]}"#
            )
            .variables == ["a.b", "c", "d", "e", "f", "g", "h"])
        #expect(
            try read(#"{"some":[{"filter":[{"var":"staff"},{"var":"age"}]},{"<":[{"var":"score"},3]}]}"#).variables == [
                "staff"
            ])
        #expect(
            try read(#"{"reduce":[{"var":"n"},{"+":[{"var":"current"},{"var":"accumulator"}]},{"var":"start"}]}"#)
                .variables
                == ["n", "start"])
        let merged = try read(#"{"missing":{"merge":["vin",{"if":[{"var":"financing"},["apr"],{"var":""}]}]}}"#)
        #expect(merged.variables == ["vin", "financing", "apr", ""])
        #expect(merged.readsComputedPaths)
        let chosen = try read(#"{"var":{"if":[{"var":"x"},"a",{"var":"y"},"b","c"]}}"#)
        #expect(chosen.variables == ["x", "y", "a", "b", "c"])
        #expect(!chosen.readsComputedPaths)
        #expect(try read(#"{"var":{"cat":["a",{"var":"i"}]}}"#).readsComputedPaths)
        #expect(try read(#"{"var":1}"#).variables == ["1"])
        #expect(try read(#"{"==":[{"today":[]},"x"]}"#).variables.isEmpty)
    }

    @Test("A rule holds by JsonLogic's truth")
    func truth() throws {
        for (value, truth): (JSON, Bool) in [
            (.null, false), (false, false), (0, false), (.double(.nan), false), ("", false), ([], false), ("0", true),
            ([0], true),
            ([:], true), (-1, true), (0.5, true),
        ] {
            let rule = try JsonLogic(["var": "x"])
            #expect(try rule.holds(["x": value], on: date("2026-03-12"), calendar: .weekendsOnly) == truth, "\(value)")
        }
    }

    private func run(_ rule: JsonLogic, _ data: JSON = .null) throws -> JSON {
        try rule.evaluate(data, on: date("2026-03-12"), calendar: .weekendsOnly)
    }
}
