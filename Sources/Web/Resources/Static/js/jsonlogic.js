// JsonLogic as its reference implementation evaluates it, with today, age and add_wd. The server's answer is the one that counts.

const truthy = value => Array.isArray(value) ? value.length > 0 : Boolean(value)
const isRule = value => value !== null && typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 1

function lookUp(data, path, otherwise = null) {
    if (path === undefined || path === null || path === "") return data
    let value = data
    for (const part of String(path).split(".")) {
        if (value === null || value === undefined) return otherwise
        value = value[part]
        if (value === undefined) return otherwise
    }
    return value
}

function missing(data, names) {
    return names.filter(name => {
        const value = lookUp(data, name)
        return value === null || value === ""
    })
}

// Civil dates as ISO text. Districts live in one time zone.
const todayInChina = () => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(new Date())
const asText = date => date.toISOString().slice(0, 10)

/** The date an ISO text names, or null: 2026-02-30 is none. */
function asDate(text) {
    if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null
    const date = new Date(`${text}T00:00:00Z`)
    return Number.isNaN(date.getTime()) || asText(date) !== text ? null : date
}

/** Whole years, the birthday included; born on 29 February, a year is full on 28 February of a common year (民法典 art. 202). */
function age(born, on) {
    const birth = asDate(born), date = asDate(on)
    if (!birth || !date || birth > date) return null
    const years = date.getUTCFullYear() - birth.getUTCFullYear()
    const birthday = new Date(birth)
    birthday.setUTCFullYear(date.getUTCFullYear())
    if (birthday.getUTCMonth() !== birth.getUTCMonth()) birthday.setUTCDate(0)
    return birthday > date ? years - 1 : years
}

function addWorkingDays(start, count, calendar) {
    const date = asDate(start)
    if (!date || !Number.isInteger(count) || Math.abs(count) > 2000) return null
    const step = count < 0 ? -1 : 1
    for (let left = Math.abs(count); left > 0;) {
        date.setUTCDate(date.getUTCDate() + step)
        const iso = asText(date)
        const weekend = date.getUTCDay() === 0 || date.getUTCDay() === 6
        if (calendar.works.has(iso) || (!weekend && !calendar.rests.has(iso))) left -= 1
    }
    return asText(date)
}

const operators = {
    "==": (a, b) => a == b,
    "===": (a, b) => a === b,
    "!=": (a, b) => a != b,
    "!==": (a, b) => a !== b,
    ">": (a, b) => a > b,
    ">=": (a, b) => a >= b,
    "<": (a, b, c) => c === undefined ? a < b : a < b && b < c,
    "<=": (a, b, c) => c === undefined ? a <= b : a <= b && b <= c,
    "!!": a => truthy(a),
    "!": a => !truthy(a),
    "%": (a, b) => a % b,
    in: (a, b) => Boolean(b) && typeof b.indexOf === "function" && b.indexOf(a) !== -1,
    cat: (...parts) => parts.join(""),
    substr: (source, start, end) => {
        const cut = String(source).substr(start)
        return end === undefined ? cut : end < 0 ? cut.substr(0, cut.length + end) : cut.substr(0, end)
    },
    "+": (...values) => values.reduce((sum, value) => sum + parseFloat(value), 0),
    "*": (...values) => values.reduce((product, value) => parseFloat(product) * parseFloat(value)),
    "-": (a, b) => b === undefined ? -a : a - b,
    "/": (a, b) => a / b,
    min: (...values) => Math.min(...values),
    max: (...values) => Math.max(...values),
    merge: (...values) => values.flat(1),
    log: value => value,
}

/** Evaluates rules against data on a day; `calendar` is two Sets of ISO dates: `works` (make-up days) and `rests` (holidays). */
export function evaluator(calendar = { works: new Set(), rests: new Set() }, today = todayInChina()) {
    let steps = 0

    function apply(rule, data) {
        if ((steps += 1) > 20000) throw new RangeError("rule too long")
        if (Array.isArray(rule)) return rule.map(part => apply(part, data))
        if (!isRule(rule)) return rule
        const name = Object.keys(rule)[0]
        const parts = Array.isArray(rule[name]) ? rule[name] : [rule[name]]
        const scoped = special[name]
        if (scoped) return scoped(parts, data)
        const operator = operators[name]
        if (!operator) throw new TypeError(`unknown operator ${name}`)
        return operator(...parts.map(part => apply(part, data)))
    }

    const list = (part, data) => {
        const value = apply(part, data)
        return Array.isArray(value) ? value : []
    }
    const values = (parts, data) => parts.map(part => apply(part, data))

    const special = {
        if: (parts, data) => {
            let index = 0
            for (; index < parts.length - 1; index += 2) {
                if (truthy(apply(parts[index], data))) return apply(parts[index + 1], data)
            }
            return index === parts.length - 1 ? apply(parts[index], data) : null
        },
        and: (parts, data) => {
            let value
            for (const part of parts) if (!truthy(value = apply(part, data))) return value
            return value
        },
        or: (parts, data) => {
            let value
            for (const part of parts) if (truthy(value = apply(part, data))) return value
            return value
        },
        var: (parts, data) => {
            const [path, otherwise] = values(parts, data)
            return lookUp(data, path, otherwise === undefined ? null : otherwise)
        },
        missing: (parts, data) => {
            const names = values(parts, data)
            return missing(data, Array.isArray(names[0]) ? names[0] : names)
        },
        missing_some: (parts, data) => {
            const [needed, names] = values(parts, data)
            const absent = missing(data, names)
            return names.length - absent.length >= needed ? [] : absent
        },
        filter: (parts, data) => list(parts[0], data).filter(item => truthy(apply(parts[1], item))),
        map: (parts, data) => list(parts[0], data).map(item => apply(parts[1], item)),
        reduce: (parts, data) => list(parts[0], data).reduce(
            (accumulator, current) => apply(parts[1], { accumulator, current }),
            parts[2] === undefined ? null : apply(parts[2], data)),
        all: (parts, data) => {
            const items = list(parts[0], data)
            return items.length > 0 && items.every(item => truthy(apply(parts[1], item)))
        },
        none: (parts, data) => !list(parts[0], data).some(item => truthy(apply(parts[1], item))),
        some: (parts, data) => list(parts[0], data).some(item => truthy(apply(parts[1], item))),
        today: () => today,
        age: (parts, data) => {
            const [born, on] = values(parts, data)
            return age(born, parts.length > 1 ? on : today)
        },
        add_wd: (parts, data) => {
            const [start, count] = values(parts, data)
            return addWorkingDays(start, Number(count), calendar)
        },
    }
    special["?:"] = special.if

    return (rule, data) => {
        steps = 0
        return apply(rule, data)
    }
}

/** Whether a rule holds for the data. */
export const holds = (rule, data, evaluate = evaluator()) => truthy(evaluate(rule, data))
