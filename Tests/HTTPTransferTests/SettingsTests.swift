import Core
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
        let origin = try HTTPURL(url).origin
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
                    "Cannot connect to https://gateway.invalid (the proxy refused: CONNECT tunnel failed, response 407). "
                        + "Check the proxy."
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
