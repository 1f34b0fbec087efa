import Core
import Testing

@Suite("URLs")
struct HTTPURLTests {
    @Test(
        "A URL names one server",
        arguments: [
            ("http://a.test", "a.test", 80), ("https://A.Test/x@y", "a.test", 443), ("https://a:8443?x", "a", 8_443),
            ("HTTPS://a#b", "a", 443), ("http://[2001:DB8::1]:81/", "2001:db8::1", 81),
            ("http://1.2.3.4/", "1.2.3.4", 80),
        ]
    )
    func origin(text: String, host: String, port: Int) throws {
        let origin = try HTTPURL(text).origin
        #expect(origin.host == host)
        #expect(origin.port == port)
    }

    @Test(
        "A URL that two programs could read differently is refused",
        arguments: [
            ("", .malformed), (":", .malformed), ("://", .unknownScheme), ("http", .malformed), ("http:", .malformed),
            ("http:/a", .malformed), ("http://", .badHost), ("http://@a", .credentials), ("http://u@a", .credentials),
            ("http://u:p@a", .credentials), ("http://a:b", .badPort), ("http://a:", .badPort),
            ("http://a:080000", .badPort), ("http://a:+80", .badPort), ("http://a:65536", .badPort),
            ("http://a:0", .badPort), ("http://a\\b", .badHost), ("http://a b", .malformed),
            ("http://a\tb", .malformed), ("http://ä", .badHost), ("http://%61", .badHost), ("http://[::1", .badHost),
            ("http://[::1]x", .badPort), ("http://[a]", .badHost), ("http://[]", .badHost),
            ("file:///a", .unknownScheme), ("javascript:a", .malformed), ("http//a", .malformed),
            (" http://a", .malformed), ("http://a\0", .malformed), ("https://-a.test", .badHost),
            ("https://a..test", .badHost), ("https:///path", .badHost), ("https://a/b|c", .malformed),
            ("https://a/\"", .malformed), ("https://a/{b}", .malformed), ("https://a/ü", .malformed),
            ("https://a/\\", .malformed), ("https://a/\r\nX: y", .malformed),
        ] as [(String, HTTPURL.Fault)]
    )
    func refused(text: String, fault: HTTPURL.Fault) {
        #expect(throws: fault) { try HTTPURL(text) }
    }

    @Test(
        "A gateway URL loses its trailing slashes and keeps its path",
        arguments: [
            ("https://gateway.test", "https://gateway.test"), ("https://gateway.test/", "https://gateway.test"),
            ("HTTPS://gateway.test:8443/wa//", "https://gateway.test:8443/wa"),
            ("http://localhost:8080", "http://localhost:8080"), ("http://127.0.0.1", "http://127.0.0.1"),
            ("http://127.9.9.9:1", "http://127.9.9.9:1"), ("http://[::1]:80", "http://[::1]:80"),
        ]
    )
    func gateway(text: String, kept: String) throws {
        #expect(try HTTPURL(gateway: text).text == kept)
    }

    @Test(
        "A gateway URL is refused if it would show the token, or if no path can be appended to it",
        arguments: [
            ("https://gateway.test?a=b", .queryOrFragment), ("https://gateway.test/#a", .queryOrFragment),
            ("https://gateway.test/api/v1", .apiPath), ("https://gateway.test/wa/api/v1/", .apiPath),
            ("http://gateway.test", .insecure(host: "gateway.test")),
            ("HTTP://Gateway.Test", .insecure(host: "gateway.test")),
            ("http://10.0.0.1", .insecure(host: "10.0.0.1")),
            ("http://localhost.evil.test", .insecure(host: "localhost.evil.test")),
            ("http://127.0.0.1.evil.test", .insecure(host: "127.0.0.1.evil.test")),
            ("http://127.evil.0.1", .insecure(host: "127.evil.0.1")), ("http://127.1", .insecure(host: "127.1")),
            ("http://127.0.0.256", .insecure(host: "127.0.0.256")), ("http://[::2]", .insecure(host: "::2")),
            ("http://127.0.0.01", .insecure(host: "127.0.0.01")),
        ] as [(String, HTTPURL.Fault)]
    )
    func refusedGateway(text: String, fault: HTTPURL.Fault) {
        #expect(throws: fault) { try HTTPURL(gateway: text) }
    }

    @Test("A suffix goes after the path of a URL and before its query")
    func suffix() throws {
        #expect(try HTTPURL("https://a.test/ping?x=1").appending(path: "/start") == "https://a.test/ping/start?x=1")
        #expect(try HTTPURL("https://a.test/ping/").appending(path: "/fail") == "https://a.test/ping/fail")
        #expect(try HTTPURL("https://a.test?x").appending(path: "") == "https://a.test?x")
    }
}
