/// A pack and an item that are right as they stand: what stands beside the file under trial.
enum PackSample {
    static let pack = """
        area: "510106"
        kind: county
        name: {zh: 金牛区, en: Jinniu}
        phones: {advice: "12345", complaint: "12388"}
        remedies: {review_organ: {zh: 金牛区人民政府}, court: {zh: 金牛区人民法院}}
        divisions:
          - {code: "510106024", name: {zh: 西安路街道}, communities: [{code: "510106024001", name: {zh: 某社区}}]}
        departments:
          - {id: market-supervision, name: {zh: 市场监管局}}
          - {id: fire, name: {zh: 消防救援大队}}
        roles: {food-licensing: market-supervision}
        halls:
          - id: main
            name: {zh: 政务服务中心}
            hours:
              - {days: [1, 2, 3, 4, 5], from: "09:00", to: "12:00"}
              - {days: [1, 2, 3, 4, 5], from: "13:00", to: "17:00"}
            windows: [{id: w01, number: "1", name: {zh: 综合窗口}}]
        themes:
          person: [{code: "030", name: {zh: 就业创业}}]
          legal: [{code: "010", name: {zh: 准营准办}}]
        events: [{id: open-a-shop, name: {zh: 开店}, audience: legal, items: [shop-licence]}]
        certificates:
          - {id: business-licence, name: {zh: 营业执照}}
          - {id: shop-licence, name: {zh: 开店许可证}}
        """

    static let item = """
        slug: shop-licence
        name: {zh: 开店许可, en: Shop licence}
        aliases: [开店]
        type: licence
        level: county
        department: market-supervision
        audience: [person, enterprise]
        themes: {person: ["030"], legal: ["010"]}
        events: [open-a-shop]
        handling: promised
        limits: {statutory: 20wd, promised: 8wd}
        channels: [window, web]
        visits: 0
        depth: 5
        legal_basis:
          - {id: law, law: {zh: 某法}, article: 第一条}
        conditions:
          - {id: place, text: {zh: 有经营场所}, basis: [law]}
        fees: []
        situations:
          - id: kind
            ask: {zh: 卖什么, en: What do you sell}
            answers:
              - {id: food, label: {zh: 食品}}
              - {id: tools, label: {zh: 工具}}
          - id: extras
            ask: {zh: 还有什么}
            multiple: true
            require: false
            show: {"==": [{var: situation.kind}, food]}
            answers:
              - {id: raw, label: {zh: 生食}}
              - {id: hot, label: {zh: 热食}}
        gates:
          - id: no_raw
            when: {in: [raw, {var: situation.extras}]}
            block: {zh: 不能卖生食}
        form:
          - id: shop
            title: {zh: 店铺}
            fields:
              - {id: name, label: {zh: 店名, en: Name}, kind: text, max: 10}
              - {id: area, label: {zh: 面积, en: Area}, kind: number, min: 1, max: 500, decimals: 1, unit: {zh: 平方米}}
              - id: kitchen
                label: {zh: 厨房面积, en: Kitchen}
                kind: number
                show: {"==": [{var: situation.kind}, food]}
                check: [{rule: {"<=": [{var: value}, {var: form.area}]}, message: {zh: 厨房不能比店铺大, en: The kitchen cannot be larger than the shop}}]
              - {id: note, label: {zh: 备注}, kind: text, require: false}
        materials:
          - {id: application, name: {zh: 申请书}, generated: true, form: electronic}
          - {id: licence, name: {zh: 营业执照}, form: both, certificate: business-licence}
          - id: hygiene
            name: {zh: 卫生平面图}
            need: {"==": [{var: situation.kind}, food]}
            form: both
            standard: {zh: 标出洗手池}
            lacking: {allowed: true, within: 5wd}
        requires:
          - {id: registered, certificate: business-licence, message: {zh: 先办营业执照}}
        stages:
          - {kind: accept, role: clerk, within: 5wd}
          - {kind: review, role: reviewer, within: 5wd}
          - {kind: approve, role: approver, within: 2wd}
          - {kind: complete, role: clerk, within: 1wd}
        procedures:
          - {id: visit, kind: inspection, name: {zh: 现场核查}, during: review, within: 3wd, officers: 2}
        outcome:
          - {id: licence, kind: certificate, certificate: shop-licence, name: {zh: 开店许可证}, number: "KD{8}", validity: 5y, renew: {from: 90d, until: 30d}}
        delivery: [electronic, counter]
        """
}
