/// Levenshtein distance, or `limit + 1` once it is larger than `limit`.
func editDistance(_ a: some StringProtocol, _ b: some StringProtocol, limit: Int) -> Int {
    let first = Array(a.unicodeScalars)
    let second = Array(b.unicodeScalars)
    guard abs(first.count - second.count) <= limit else { return limit + 1 }
    var row = Array(0...second.count)
    for (i, x) in first.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, y) in second.enumerated() {
            let cost = x == y ? diagonal : min(diagonal, row[j], row[j + 1]) + 1
            diagonal = row[j + 1]
            row[j + 1] = cost
        }
    }
    return min(row[second.count], limit + 1)
}
