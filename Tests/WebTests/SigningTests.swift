import Kernel
import Testing

@testable import Web

@Suite("What is kept in the browser")
struct SigningTests {
    private let signer = CookieSigner(key: Array(repeating: 7, count: 32))

    @Test("Comes back as it was", arguments: ["/510106/my/cases?x=1", "已提交", "a.b.c"])
    func roundTrip(text: String) {
        #expect(signer.open("flash", signer.sign("flash", text)) == text)
    }

    @Test("Is refused when changed, when meant for something else, and from another key")
    func forgery() throws {
        let signed = signer.sign("target", "/510106/")
        #expect(signer.open("flash", signed) == nil)
        #expect(CookieSigner(key: Array(repeating: 8, count: 32)).open("target", signed) == nil)
        for index in signed.indices {
            var changed = signed
            changed.replaceSubrange(index...index, with: signed[index] == "A" ? "B" : "A")
            #expect(signer.open("target", changed) == nil, "\(changed)")
        }
        for broken in ["", ".", "a", signed + "A", signed + ".A", String(signed.dropLast())] {
            #expect(signer.open("target", broken) == nil, "\(broken)")
        }
    }

    @Test("Purpose and text cannot be shifted against each other")
    func separation() {
        #expect(signer.mac("ab", "c") != signer.mac("a", "bc"))
    }

    @Test("A nonce is never the same again")
    func nonces() {
        #expect(Set((0..<100).map { _ in signer.nonce() }).count == 100)
        #expect(signer.nonce().utf8.count == 24)
    }

    @Test("Cookies are tied to this host and hidden from scripts")
    func cookies() {
        #expect(
            cookieHeader(CookieName.resident, "v", maxAge: nil)
                == "__Host-tongban=v; Path=/; Secure; HttpOnly; SameSite=Lax")
        #expect(cookieHeader("a", "", maxAge: 0).hasSuffix("; Max-Age=0"))
    }
}

@Suite("Limits on tries")
struct RateLimiterTests {
    private let start = Moment(milliseconds: 1_773_279_000_000)

    @Test("So many tries at once, then one for each share of the time")
    func tries() throws {
        let limiter = RateLimiter()
        for _ in 0..<5 { try limiter.take("sign-in", "a", limit: 5, per: 300, at: start) }
        #expect(throws: DomainError.tooMany(retryAfter: 60)) {
            try limiter.take("sign-in", "a", limit: 5, per: 300, at: start)
        }
        #expect(throws: DomainError.tooMany(retryAfter: 1)) {
            try limiter.take("sign-in", "a", limit: 5, per: 300, at: start.adding(milliseconds: 59_500))
        }
        try limiter.take("sign-in", "a", limit: 5, per: 300, at: start.adding(seconds: 60))
        #expect(throws: DomainError.self) {
            try limiter.take("sign-in", "a", limit: 5, per: 300, at: start.adding(seconds: 61))
        }
    }

    @Test("Others and other acts are not slowed down, and a success forgets")
    func separate() throws {
        let limiter = RateLimiter()
        try limiter.take("sign-in", "a", limit: 1, per: 60, at: start)
        try limiter.take("sign-in", "b", limit: 1, per: 60, at: start)
        try limiter.take("code", "a", limit: 1, per: 60, at: start)
        limiter.forget("sign-in", "a")
        try limiter.take("sign-in", "a", limit: 1, per: 60, at: start)
        #expect(throws: DomainError.self) { try limiter.take("code", "a", limit: 1, per: 60, at: start) }
    }

    @Test("A clock that goes back gives nothing away")
    func backwards() throws {
        let limiter = RateLimiter()
        try limiter.take("x", "a", limit: 1, per: 60, at: start)
        #expect(throws: DomainError.self) {
            try limiter.take("x", "a", limit: 1, per: 60, at: start.adding(seconds: -600))
        }
    }
}
