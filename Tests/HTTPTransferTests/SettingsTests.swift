import HTTPTransfer
import ScriptedServer
import Testing

@Suite("Transfer settings")
struct SettingsTests {
    @Test(
        "Certificate authorities come from curl's usual places",
        arguments: [
            (nil, [:], nil), (nil, ["SSL_CERT_FILE": "a"], "a"),
            (nil, ["SSL_CERT_FILE": "a", "CURL_CA_BUNDLE": "b"], "b"),
            ("c", ["SSL_CERT_FILE": "a", "CURL_CA_BUNDLE": "b"], "c"), (nil, ["SSL_CERT_FILE": ""], nil),
        ] as [(String?, [String: String], String?)]
    )
    func caFile(given: String?, environment: [String: String], expected: String?) {
        let settings = TransferSettings(userAgent: "rollcall/test", caFile: given, environment: environment)
        #expect(settings.caFile == expected)
    }

    @Test(
        "The proxy is chosen as curl does, but never for the local machine",
        arguments: [
            ([:], "http://a.test", nil), (["http_proxy": "p"], "http://a.test", "p"),
            (["http_proxy": "p"], "https://a.test", nil), (["HTTP_PROXY": "p"], "http://a.test", nil),
            (["https_proxy": "p", "HTTPS_PROXY": "q"], "https://a.test", "p"),
            (["HTTPS_PROXY": "q"], "https://a.test", "q"), (["ALL_PROXY": "r"], "https://a.test", "r"),
            (["all_proxy": "r", "https_proxy": "p"], "https://a.test", "p"),
            (["all_proxy": "r", "https_proxy": "p"], "http://a.test", "r"), (["http_proxy": ""], "http://a.test", nil),
            (["http_proxy": "p", "all_proxy": "p"], "http://localhost", nil),
            (["https_proxy": "p"], "https://127.0.0.1:8443", nil), (["all_proxy": "p"], "http://[::1]:80", nil),
        ] as [([String: String], String, String?)]
    )
    func proxies(environment: [String: String], url: String, expected: String?) throws {
        let origin = try #require(HTTPOrigin(url: url))
        #expect(ProxySettings(environment: environment).proxy(for: origin) == expected)
    }

    @Test("Requests use the environment's proxy, which never sees the token of a TLS host")
    func proxied() async throws {
        let proxy = try ScriptedServer { request in
            request.line.hasPrefix("CONNECT") ? [.answer("407 Proxy Authentication Required"), .close] : [.answer()]
        }
        defer { proxy.stop() }
        let environment = ["http_proxy": proxy.url, "https_proxy": proxy.url, "no_proxy": "direct.invalid"]
        let transfer = CurlTransfer(settings: TransferSettings(userAgent: "rollcall/test", environment: environment))
        let headers = [(name: "Authorization", value: "Bearer secret")]
        _ = try await transfer.exchange(HTTPRequest(method: "GET", url: "http://gateway.invalid/a"))
        let error = await #expect(throws: TransferError.self) {
            try await transfer.exchange(
                HTTPRequest(method: "POST", url: "https://gateway.invalid/6281234567890", headers: headers)
            )
        }
        #expect(
            error
                == .unreachable(
                    "gateway.invalid could not be reached: the proxy refused: CONNECT tunnel failed, response 407; "
                        + "nothing was sent."
                )
        )
        await transfer.close()
        #expect(
            proxy.requests.map(\.line) == [
                "GET http://gateway.invalid/a HTTP/1.1", "CONNECT gateway.invalid:443 HTTP/1.1",
            ])
        #expect(proxy.requests.allSatisfy { $0.values(of: "authorization").isEmpty })
    }

    @Test(
        "The proxy's password stays out of errors", arguments: ["http://user:secret@127.0.0.1:1", "x://user:secret@ y"])
    func proxyPassword(proxy: String) async throws {
        let transfer = CurlTransfer(
            settings: TransferSettings(userAgent: "rollcall/test", environment: ["https_proxy": proxy])
        )
        let error = await #expect(throws: TransferError.self) {
            try await transfer.exchange(HTTPRequest(method: "GET", url: "https://gateway.invalid/"))
        }
        #expect(!String(describing: error).contains("secret"))
        await transfer.close()
    }

    @Test("A request for the local machine never goes to a proxy")
    func loopback() async throws {
        let proxy = try ScriptedServer { _ in [.answer("502 Bad Gateway")] }
        defer { proxy.stop() }
        let environment = ["http_proxy": proxy.url, "all_proxy": proxy.url]
        try await withServer(TransferSettings(userAgent: "rollcall/test", environment: environment)) { _ in
            [.answer()]
        } _: { server, transfer in
            let answer = try await transfer.exchange(HTTPRequest(method: "GET", url: server.url))
            #expect(answer.status == 200)
            #expect(proxy.connections == 0)
        }
    }
}

@Suite("Origins")
struct OriginTests {
    @Test(
        "An origin is read from a URL",
        arguments: [
            ("http://a.test", "a.test", 80), ("https://A.Test/x@y", "a.test", 443), ("https://a:8443?x", "a", 8_443),
            ("HTTPS://a#b", "a", 443), ("http://[2001:DB8::1]:81/", "2001:db8::1", 81),
            ("http://1.2.3.4/", "1.2.3.4", 80),
        ]
    )
    func origin(url: String, host: String, port: Int) throws {
        let origin = try #require(HTTPOrigin(url: url))
        #expect(origin.host == host)
        #expect(origin.port == port)
    }

    @Test(
        "A URL that two readers could read differently has no origin",
        arguments: [
            "", ":", "://", "http", "http:", "http:/a", "http://", "http://@a", "http://u@a", "http://u:p@a",
            "http://a:b",
            "http://a:", "http://a:080000", "http://a:+80", "http://a:65536", "http://a\\b", "http://a b",
            "http://a\tb",
            "http://ä", "http://%61", "http://[::1", "http://[::1]x", "http://[a]", "http://[]", "file:///a",
            "javascript:a",
            "http//a", " http://a", "http://a\0",
        ]
    )
    func refused(url: String) {
        #expect(HTTPOrigin(url: url) == nil)
    }
}
