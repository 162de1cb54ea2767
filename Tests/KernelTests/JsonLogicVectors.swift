import Foundation
import Kernel
import Testing

/// Rules with what the reference implementation makes of them: `rule ⊢ result`, or `rule | data ⊢ result`.
@Suite("JsonLogic as its reference evaluates it")
struct JsonLogicVectors {
    @Test("Comparing", arguments: lines(comparing))
    func comparisons(line: String) throws { try check(line) }

    @Test("Choosing, and what counts as true", arguments: lines(choosing))
    func choices(line: String) throws { try check(line) }

    @Test("Reading data", arguments: lines(reading))
    func reads(line: String) throws { try check(line) }

    @Test("Numbers", arguments: lines(numbers))
    func arithmetic(line: String) throws { try check(line) }

    @Test("Texts", arguments: lines(texts))
    func text(line: String) throws { try check(line) }

    @Test("Lists", arguments: lines(lists))
    func list(line: String) throws { try check(line) }

    @Test("Dates, on 12 March 2026", arguments: lines(dates))
    func dateOperators(line: String) throws { try check(line) }

    private func check(_ line: String) throws {
        let halves = line.components(separatedBy: " ⊢ ")
        try #require(halves.count == 2)
        let given = halves[0].components(separatedBy: " | ")
        let rule = try JsonLogic(JSON(parsing: given[0]))
        let data = given.count > 1 ? try JSON(parsing: given[1]) : .null
        let result = try rule.evaluate(data, on: date("2026-03-12"), calendar: PublishedCalendar.calendar())
        #expect(try result.canonical == JSON(parsing: halves[1]).canonical)
    }

    private static func lines(_ block: String) -> [String] { block.split(separator: "\n").map(String.init) }

    private static let comparing = #"""
        {"==":[1,1]} ⊢ true
        {"==":[1,"1"]} ⊢ true
        {"==":[1,"1.0"]} ⊢ true
        {"==":[0,""]} ⊢ true
        {"==":[0,"  "]} ⊢ true
        {"==":[0,false]} ⊢ true
        {"==":["1",true]} ⊢ true
        {"==":["true",true]} ⊢ false
        {"==":[null,0]} ⊢ false
        {"==":[null,false]} ⊢ false
        {"==":[null]} ⊢ true
        {"==":[[1],1]} ⊢ true
        {"==":[[1,2],"1,2"]} ⊢ true
        {"==":[31,"0x1F"]} ⊢ true
        {"===":[1,1]} ⊢ true
        {"===":[1,1.0]} ⊢ true
        {"===":[1,"1"]} ⊢ false
        {"===":[null]} ⊢ false
        {"===":[null,null]} ⊢ true
        {"!=":[1,"1"]} ⊢ false
        {"!=":[1,2]} ⊢ true
        {"!==":[1,"1"]} ⊢ true
        {"!==":[1,1]} ⊢ false
        {">":[2,1]} ⊢ true
        {">":[1,1]} ⊢ false
        {">":["2",1]} ⊢ true
        {">":["10","9"]} ⊢ false
        {">=":[1,1]} ⊢ true
        {">=":["a",1]} ⊢ false
        {"<":[1,2]} ⊢ true
        {"<":["1",2]} ⊢ true
        {"<":[null,1]} ⊢ true
        {"<":[1]} ⊢ false
        {"<":["2026-03-11","2026-03-12"]} ⊢ true
        {"<=":[1,1]} ⊢ true
        {"<=":[null,0]} ⊢ true
        {"<":[1,2,3]} ⊢ true
        {"<":[1,1,3]} ⊢ false
        {"<":[1,4,3]} ⊢ false
        {"<=":[1,1,3]} ⊢ true
        {"<=":[1,4,3]} ⊢ false
        {"<":[0,{"var":"temp"},100]} | {"temp":37} ⊢ true
        """#

    private static let choosing = #"""
        {"if":[]} ⊢ null
        {"if":[true]} ⊢ true
        {"if":["apple"]} ⊢ "apple"
        {"if":[true,"apple"]} ⊢ "apple"
        {"if":[false,"apple"]} ⊢ null
        {"if":[false,"apple","banana"]} ⊢ "banana"
        {"?:":[true,1,2]} ⊢ 1
        {"if":[[],"apple","banana"]} ⊢ "banana"
        {"if":[[0],"apple","banana"]} ⊢ "apple"
        {"if":["","apple","banana"]} ⊢ "banana"
        {"if":["0","apple","banana"]} ⊢ "apple"
        {"if":[0,"apple","banana"]} ⊢ "banana"
        {"if":[-1,"apple","banana"]} ⊢ "apple"
        {"if":[{">":[1,2]},"apple",{"cat":["ba","na"]}]} ⊢ "bana"
        {"if":[false,"a",false,"b","c"]} ⊢ "c"
        {"if":[false,"a",true,"b","c"]} ⊢ "b"
        {"if":[false,"a",false,"b"]} ⊢ null
        {"!":[false]} ⊢ true
        {"!":true} ⊢ false
        {"!":"0"} ⊢ false
        {"!":[[]]} ⊢ true
        {"!!":[[]]} ⊢ false
        {"!!":["0"]} ⊢ true
        {"!!":[{"a":1,"b":2}]} ⊢ true
        {"and":[true,false]} ⊢ false
        {"and":[1,3]} ⊢ 3
        {"and":[3,0,"never"]} ⊢ 0
        {"and":[]} ⊢ null
        {"or":[false,3]} ⊢ 3
        {"or":["",0,[]]} ⊢ []
        {"or":[1,"never"]} ⊢ 1
        {"and":[{"<":[{"var":"temp"},110]},{"==":[{"var":"pie.filling"},"apple"]}]} | {"temp":100,"pie":{"filling":"apple"}} ⊢ true
        "apple" ⊢ "apple"
        [{"+":[1,1]},"a"] ⊢ [2,"a"]
        {"a":1,"b":{"var":"c"}} ⊢ {"a":1,"b":{"var":"c"}}
        {} ⊢ {}
        """#

    private static let reading = #"""
        {"var":"a"} | {"a":1} ⊢ 1
        {"var":["a"]} | {"a":1} ⊢ 1
        {"var":"b"} | {"a":1} ⊢ null
        {"var":["b",2]} | {"a":1} ⊢ 2
        {"var":["a",2]} | {"a":null} ⊢ null
        {"var":"a"} ⊢ null
        {"var":"a.b"} | {"a":{"b":"c"}} ⊢ "c"
        {"var":["a.q",9]} | {"a":{"b":"c"}} ⊢ 9
        {"var":1} | ["apple","banana"] ⊢ "banana"
        {"var":"1"} | ["apple","banana"] ⊢ "banana"
        {"var":"01"} | ["apple","banana"] ⊢ null
        {"var":"a.1.b"} | {"a":[{"b":1},{"b":2}]} ⊢ 2
        {"var":"a.length"} | {"a":[7,8,9]} ⊢ 3
        {"var":"a.length"} | {"a":"四川😀"} ⊢ 4
        {"var":""} | {"a":1} ⊢ {"a":1}
        {"var":[]} | 5 ⊢ 5
        {"var":null} | 5 ⊢ 5
        {"var":{"if":[{"var":"x"},"a","b"]}} | {"x":true,"a":1,"b":2} ⊢ 1
        {"missing":[]} ⊢ []
        {"missing":"a"} ⊢ ["a"]
        {"missing":["a","b"]} | {"a":"apple"} ⊢ ["b"]
        {"missing":["a","b"]} | {"a":"","b":0} ⊢ ["a"]
        {"missing":["a.b","a.c"]} | {"a":{"b":"pie"}} ⊢ ["a.c"]
        {"missing":{"merge":["vin",{"if":[{"var":"financing"},["apr"],[]]}]}} | {"financing":true} ⊢ ["vin","apr"]
        {"missing":{"merge":["vin",{"if":[{"var":"financing"},["apr"],[]]}]}} | {"financing":false} ⊢ ["vin"]
        {"if":[{"missing":"a"},"missed","found"]} | {"a":1} ⊢ "found"
        {"missing_some":[1,["a","b","c"]]} | {"a":"apple"} ⊢ []
        {"missing_some":[2,["a","b","c"]]} | {"a":"apple"} ⊢ ["b","c"]
        {"missing_some":[0,["a"]]} ⊢ []
        """#

    private static let numbers = #"""
        {"+":[1,2,3]} ⊢ 6
        {"+":["1","2"]} ⊢ 3
        {"+":"3.14"} ⊢ 3.14
        {"+":"3px"} ⊢ 3
        {"+":[]} ⊢ 0
        {"+":[0.1,0.2]} ⊢ 0.30000000000000004
        {"-":[5,3]} ⊢ 2
        {"-":[2]} ⊢ -2
        {"-":["-3"]} ⊢ 3
        {"-":[1,null]} ⊢ 1
        {"*":[3,2,2]} ⊢ 12
        {"*":["2"]} ⊢ "2"
        {"*":["2","3"]} ⊢ 6
        {"/":[4,2]} ⊢ 2
        {"/":[1,4]} ⊢ 0.25
        {"/":["6","3"]} ⊢ 2
        {"/":[1,0]} ⊢ null
        {"%":[101,2]} ⊢ 1
        {"%":[-7,3]} ⊢ -1
        {"%":[5.5,2]} ⊢ 1.5
        {"max":[1,2,3]} ⊢ 3
        {"max":["10",9]} ⊢ 10
        {"max":[1,"a"]} ⊢ null
        {"min":[3,1,2]} ⊢ 1
        {"min":[null,1]} ⊢ 0
        {"if":[{"/":[0,0]},"yes","no"]} ⊢ "no"
        """#

    private static let texts = #"""
        {"cat":["ice","cream"]} ⊢ "icecream"
        {"cat":[1]} ⊢ "1"
        {"cat":["pi ",3.14159]} ⊢ "pi 3.14159"
        {"cat":[1.0,"/",1e21,"/",1e20,"/",1e-6,"/",1e-7,"/",-1.5e-10]} ⊢ "1/1e+21/100000000000000000000/0.000001/1e-7/-1.5e-10"
        {"cat":[null,true,[1,null,[2,3]]]} ⊢ "true1,,2,3"
        {"cat":[{"/":[1,0]},{"/":[0,0]}]} ⊢ "InfinityNaN"
        {"cat":{"var":"o"}} | {"o":{"a":1}} ⊢ "[object Object]"
        {"cat":[]} ⊢ ""
        {"substr":["jsonlogic",4]} ⊢ "logic"
        {"substr":["jsonlogic",-5]} ⊢ "logic"
        {"substr":["jsonlogic",1,3]} ⊢ "son"
        {"substr":["jsonlogic",4,-2]} ⊢ "log"
        {"substr":["jsonlogic",-5,2]} ⊢ "lo"
        {"substr":["jsonlogic",20]} ⊢ ""
        {"substr":["jsonlogic",0,-20]} ⊢ ""
        {"substr":[510107199,0,6]} ⊢ "510107"
        {"substr":["政务服务",2,2]} ⊢ "服务"
        {"in":["Spring","Springfield"]} ⊢ true
        {"in":["i","team"]} ⊢ false
        {"in":[5,"1,5"]} ⊢ true
        {"in":["","team"]} ⊢ true
        {"in":["a",null]} ⊢ false
        {"in":[1,"1"]} ⊢ true
        {"log":"seen"} ⊢ "seen"
        """#

    private static let lists = #"""
        {"in":["Bart",["Bart","Lisa"]]} ⊢ true
        {"in":["1",[1,2]]} ⊢ false
        {"in":[[1],[[1]]]} ⊢ false
        {"merge":[]} ⊢ []
        {"merge":[[1],[2,3]]} ⊢ [1,2,3]
        {"merge":[1,[2],[[3]]]} ⊢ [1,2,[3]]
        {"merge":1} ⊢ [1]
        {"map":[{"var":"n"},{"*":[{"var":""},2]}]} | {"n":[1,2,3]} ⊢ [2,4,6]
        {"map":[{"var":"desserts"},{"var":"qty"}]} | {"desserts":[{"qty":1},{"qty":3}]} ⊢ [1,3]
        {"map":[{"var":"n"},{"var":"outer"}]} | {"n":[{}],"outer":1} ⊢ [null]
        {"map":["no list",1]} ⊢ []
        {"filter":[{"var":"n"},{">=":[{"var":""},2]}]} | {"n":[1,2,3]} ⊢ [2,3]
        {"filter":[{"var":"n"},true]} ⊢ []
        {"reduce":[{"var":"n"},{"+":[{"var":"current"},{"var":"accumulator"}]},0]} | {"n":[1,2,3,4]} ⊢ 10
        {"reduce":[{"var":"n"},{"max":[{"var":"current"},{"var":"accumulator"}]},{"var":"least"}]} | {"n":[1,2],"least":9} ⊢ 9
        {"reduce":[{"var":"n"},{"var":"current.q"}]} | {"n":[{"q":5}]} ⊢ 5
        {"reduce":[null,1,7]} ⊢ 7
        {"all":[[1,2,3],{">":[{"var":""},0]}]} ⊢ true
        {"all":[[1,2,3],{">":[{"var":""},1]}]} ⊢ false
        {"all":[[],{">":[{"var":""},1]}]} ⊢ false
        {"none":[[1,2,3],{">":[{"var":""},3]}]} ⊢ true
        {"none":[[],true]} ⊢ true
        {"none":[null,true]} ⊢ true
        {"none":[[1],{"var":""}]} ⊢ false
        {"some":[[1,2,3],{"==":[{"var":""},3]}]} ⊢ true
        {"some":[[],true]} ⊢ false
        {"some":[{"var":"staff"},{"<":[{"var":"age"},18]}]} | {"staff":[{"age":30},{"age":17}]} ⊢ true
        """#

    private static let dates = #"""
        {"today":[]} ⊢ "2026-03-12"
        {"age":["2008-03-12"]} ⊢ 18
        {"age":["2008-03-13"]} ⊢ 17
        {"age":{"var":"born"}} | {"born":"1949-12-31"} ⊢ 76
        {"age":["2008-02-29","2026-02-28"]} ⊢ 18
        {"age":["2008-02-29","2026-02-27"]} ⊢ 17
        {"age":["2027-01-01"]} ⊢ null
        {"age":["no date"]} ⊢ null
        {"age":["2008-03-12",null]} ⊢ null
        {"add_wd":["2026-02-12",5]} ⊢ "2026-02-26"
        {"add_wd":[{"today":[]},"1"]} ⊢ "2026-03-13"
        {"add_wd":["2026-02-24",-1]} ⊢ "2026-02-14"
        {"add_wd":["2026-02-30",1]} ⊢ null
        {"add_wd":["2026-02-12",1.5]} ⊢ null
        {"<=":[{"today":[]},{"add_wd":[{"var":"received"},5]}]} | {"received":"2026-03-04"} ⊢ false
        """#
}
