import Core
import Foundation
import Testing

@testable import PolicyFiles

@Suite("Configuration")
struct ConfigurationTests {
    private static let smallest = "gateway: { url: https://gateway.example.com/ }\npolicies: [policies]\n"

    private func read(_ text: String, _ environment: [String: String] = [:]) throws -> ConfigurationReading {
        try TemporaryFolder(["rollcall.yaml": text]).configuration(environment)
    }

    @Test("A URL and policies are enough, with the defaults of the reference")
    func smallest() throws {
        let folder = try TemporaryFolder(["rollcall.yaml": Self.smallest])
        let configuration = try #require(folder.configuration().configuration)
        let url = try HTTPURL(gateway: "https://gateway.example.com")
        #expect(
            configuration.gateways == [
                GatewayConfiguration(
                    name: .default, url: url, token: .environment("ROLLCALL_TOKEN"),
                    caFile: nil, ownAccounts: [:])
            ])
        #expect(configuration.folder == folder.path)
        #expect(configuration.policies == ["policies"])
        #expect(configuration.policyLocations.map(\.line) == [2])
        #expect(configuration.ledger == folder.path + "/rollcall.sqlite")
        #expect(configuration.limits == Limits())
        #expect(configuration.pace == Pace())
        #expect(configuration.declined == DeclinedRule())
        #expect(configuration.readConcurrency == 8)
        #expect(configuration.readTimeout == .seconds(30))
    }

    @Test("Every key of the reference is read")
    func full() throws {
        let folder = try TemporaryFolder([
            "rollcall.yaml": """
            version: 1
            gateway:
              url: HTTPS://gateway.example.com:8443/base/
              token: { file: secrets/token }
              ca_file: ca.pem
              self: { 01HZ0: +62 812-3456-7890 }
            policies: [a.yaml, more/*.yaml]
            csv: { outside: true }
            ledger: state/ledger.sqlite
            limits: { removals: 7, removals_floor: 0, removals_per_run: 9, min_admins: 2, group_size: 256 }
            pace: { calls_per_minute: 0, jitter: 1.25, adds_per_call: 2, adds_per_day: 0, settle: 500ms }
            read: { concurrency: 64, timeout: 1m }
            declined: { retry_after: 2h, backoff: 1, give_up_after: 1 }
            metrics: { textfile: state/rollcall.prom }
            notify:
              - { url: { env: HOOK }, on: [changes, failure] }
              - { url: { file: secrets/slack }, on: [withheld], format: slack }
            ping: { url: { env: PING } }
            """
        ])
        let reading = folder.configuration()
        #expect(reading.diagnostics == [])
        let configuration = try #require(reading.configuration)
        #expect(configuration.metricsFile == "\(folder.path)/state/rollcall.prom")
        #expect(
            configuration.webhooks == [
                WebhookConfiguration(url: .environment("HOOK"), occasions: [.changes, .failure], format: .json),
                WebhookConfiguration(
                    url: .file(folder.path + "/secrets/slack"), occasions: [.withheld], format: .slack),
            ])
        #expect(configuration.pings.started == PingAddress(url: .environment("PING"), suffix: "/start"))
        #expect(configuration.pings.succeeded == PingAddress(url: .environment("PING"), suffix: ""))
        #expect(configuration.pings.failed == PingAddress(url: .environment("PING"), suffix: "/fail"))
        let gateway = try #require(configuration.gateways.first)
        #expect(gateway.url.text == "https://gateway.example.com:8443/base")
        #expect(gateway.token == .file(folder.path + "/secrets/token"))
        #expect(configuration.allowsTablesOutside)
        #expect(gateway.caFile == folder.path + "/ca.pem")
        #expect(gateway.ownAccounts.map { "\($0.key) \($0.value)" } == ["01HZ0 +6281234567890"])
        #expect(configuration.policies == ["a.yaml", "more/*.yaml"])
        #expect(configuration.ledger == folder.path + "/state/ledger.sqlite")
        var limits = Limits()
        (limits.removals, limits.removalsFloor, limits.removalsPerRun) = (.count(7), 0, .count(9))
        (limits.minAdmins, limits.groupSize) = (2, 256)
        #expect(configuration.limits == limits)
        var pace = Pace()
        (pace.callsPerMinute, pace.jitter, pace.addsPerCall) = (0, 1.25, 2)
        (pace.addsPerDay, pace.settle) = (0, .milliseconds(500))
        #expect(configuration.pace == pace)
        #expect(configuration.readConcurrency == 64)
        #expect(configuration.readTimeout == .seconds(60))
        var declined = DeclinedRule()
        (declined.retryAfter, declined.backoff, declined.giveUpAfter) = (.seconds(7_200), 1, 1)
        #expect(configuration.declined == declined)
    }

    @Test("A missing file differs from an invalid one")
    func missing() throws {
        let folder = try TemporaryFolder(["wrong.yaml": "a"])
        #expect(ConfigurationReader.read(path: folder.path + "/none.yaml", environment: [:]).outcome == .missing)
        #expect(ConfigurationReader.read(path: folder.path + "/wrong.yaml", environment: [:]).outcome == .invalid)
        let unreadable = ConfigurationReader.read(path: folder.path, environment: [:])
        #expect(unreadable.outcome == .invalid)
        #expect(unreadable.diagnostics.map(\.message) == ["the configuration is a folder, not a regular file"])
    }

    @Test("A refresh is read with its defaults, or in full")
    func refresh() throws {
        func refresh(_ text: String) throws -> RefreshConfiguration? {
            try read("gateway: { url: https://gateway.example.com, refresh: \(text) }\npolicies: [policies]\n")
                .configuration?.gateways.first?.refresh
        }
        #expect(try refresh("null") == nil)
        #expect(
            try refresh("{}")
                == RefreshConfiguration(
                    token: nil, olderThan: .seconds(72_000), wait: .seconds(300), afterApply: false))
        #expect(
            try refresh("{ token: { env: LOGIN }, older_than: 7d, wait: 0s, after_apply: true }")
                == RefreshConfiguration(
                    token: .environment("LOGIN"), olderThan: .seconds(604_800), wait: .zero, afterApply: true))
        for wrong in ["{ older_than: 59m }", "{ wait: 2h }", "{ token: wa_secret }", "{ after_apply: maybe }", "[]"] {
            let reading = try read(
                "gateway: { url: https://gateway.example.com, refresh: \(wrong) }\npolicies: [policies]\n")
            #expect(reading.configuration == nil)
            #expect(reading.diagnostics.count == 1)
            #expect(!reading.diagnostics.contains { $0.message.contains("secret }") || $0.message.contains("wa_") })
        }
    }

    @Test("Several gateways sort by name")
    func several() throws {
        let text = "gateways: {b: {url: https://b.example.com}, a: {url: http://127.0.0.1:80}}\npolicies: [p]"
        let configuration = try #require(try read(text).configuration)
        #expect(configuration.gateways.map(\.name.text) == ["a", "b"])
        #expect(configuration.gateways.map(\.url.text) == ["http://127.0.0.1:80", "https://b.example.com"])
    }

    @Test("The environment overrides the file, and empty variables are ignored")
    func overrides() throws {
        let environment = [
            "ROLLCALL_GATEWAY_URL": "http://localhost:8080/", "ROLLCALL_TOKEN": "wa_secret",
            "ROLLCALL_LEDGER": "elsewhere.sqlite",
        ]
        let text = Self.smallest.replacing("com/ }", with: "com, token: { file: t } }")
        let configuration = try #require(try read(text, environment).configuration)
        #expect(configuration.gateways.map(\.url.text) == ["http://localhost:8080"])
        #expect(configuration.gateways.map(\.token) == [.environment("ROLLCALL_TOKEN")])
        #expect(configuration.ledger == "elsewhere.sqlite")
        let unchanged = try #require(try read(text, environment.mapValues { _ in "" }).configuration)
        #expect(unchanged.gateways.map(\.url.text) == ["https://gateway.example.com"])
    }

    @Test("The environment alone may name the gateway")
    func gatewayFromEnvironment() throws {
        let reading = try read("policies: [p]", ["ROLLCALL_GATEWAY_URL": "https://gateway.example.com"])
        #expect(reading.configuration?.gateways.map(\.url.text) == ["https://gateway.example.com"])
    }

    @Test("An invalid URL in the environment is refused, without repeating it")
    func badOverride() throws {
        let reading = try read(Self.smallest, ["ROLLCALL_GATEWAY_URL": "https://me:hunter2@gateway.example.com"])
        #expect(reading.outcome == .invalid)
        let messages = reading.diagnostics.map(\.message).joined()
        #expect(messages.contains("ROLLCALL_GATEWAY_URL") && !messages.contains("hunter2"))
    }

    @Test("With several gateways, the environment sets no URL, and no gateway gets another's token")
    func overridesOfSeveral() throws {
        let text = """
            gateways:
              a: {url: https://a.example.com, token: {env: TOKEN_A}}
              b: {url: https://b.example.com, token: {file: /run/b}}
            policies: [p]
            """
        let configuration = try #require(try read(text, ["ROLLCALL_TOKEN": "x"]).configuration)
        #expect(configuration.gateways.map(\.token) == [.environment("TOKEN_A"), .file("/run/b")])
        #expect(try read(text, ["ROLLCALL_GATEWAY_URL": "https://c.example.com"]).outcome == .invalid)
    }

    @Test(
        "a URL that no request could be sent to is refused",
        arguments: ["https://h/a|b", "https://h/a b", "https://h/ä", "https://h/{a}", "https://-h", "https://h:70000"])
    func unusableURL(url: String) throws {
        let reading = try read("gateway: { url: \"\(url)\" }\npolicies: [p]")
        #expect(reading.outcome == .invalid)
        #expect(reading.diagnostics.count == 1 && !reading.diagnostics[0].message.contains("malformed"))
    }

    @Test(
        "Plain http is only for this computer",
        arguments: [
            ("http://localhost", true), ("http://LOCALHOST:1", true), ("http://127.0.0.1", true),
            ("http://127.255.0.3:8080/x", true), ("http://[::1]:8080", true), ("http://example.com", false),
            ("http://127.0.0.1.example.com", false), ("http://127.1", false), ("http://127.0.0.256", false),
            ("http://127.0.0.01", false), ("http://localhost.example.com", false), ("http://[::2]", false),
            ("http://10.0.0.1", false), ("http://0.0.0.0", false), ("http://localhost@example.com", false),
            ("http://example.com\\@localhost", false), ("http://example.com#localhost", false),
        ])
    func loopback(url: String, isAccepted: Bool) {
        let accepted = try? HTTPURL(gateway: url)
        #expect((accepted != nil) == isAccepted)
    }

    /// A file with every kind of value.
    private static let varied = """
        version: 1
        gateways:
          north: { url: https://north.example.com, token: { env: NORTH }, ca_file: ca.pem, self: { S1: +62 812-0000-001 } }
          south: { url: https://south.example.com, token: { file: secrets/south } }
        policies: [policies, more/*.yaml]
        csv: { outside: false }
        ledger: rollcall.sqlite
        limits: { removals: 25%, min_admins: 1 }
        pace: { calls_per_minute: 20, jitter: 0.5, settle: 5s }
        metrics: { textfile: null }
        notify: []
        """

    @Test(
        "No message repeats a token, whichever word of the file it replaces or follows",
        arguments: [
            "wa_5v0TBn1xq9Zk3R", "eyJhbGciOiJIUzI1NiJ9.eyJvcmciOiJhIn0.c2lnbmF0dXJl",
            "9f86d081884c7d659a2feaa0c55ad015",
            "https://me:hunter2-s3cr3t@gateway.example.com",
        ])
    func tokenAnywhere(token: String) throws {
        let secret = token.split(separator: "me:").last ?? ""
        let folder = try TemporaryFolder()
        for word in Self.varied.matches(of: /[A-Za-z0-9_.%*\/]+/) {
            for replacement in [
                token, "\(word.output) \(token)", "\(token) \(word.output)", "\(token): \(word.output)",
            ] {
                let text = Self.varied.replacingCharacters(in: word.range, with: replacement)
                try folder.write("rollcall.yaml", text)
                let reading = folder.configuration()
                var diagnostics = reading.diagnostics
                if let configuration = reading.configuration {
                    diagnostics += PolicyReader.read(configuration).diagnostics
                }
                // A long text is cut, so its beginning must not occur either.
                let messages = diagnostics.map(\.message).joined(separator: "\n")
                #expect(!messages.contains(secret.prefix(12)), "\(text)")
            }
        }
    }

    @Test("An unknown key is repeated if it looks like a name, and a misspelt one is always named")
    func unknownKeys() throws {
        let text = Self.smallest + "pace: { colour: 1, callsPerMinute: 1, x9Tq2vX7LmP: 1 }\n"
        let messages = try read(text).diagnostics.map(\.message)
        let keys = "`calls_per_minute`, `jitter`, `adds_per_call`, `adds_per_day` and `settle`"
        #expect(
            messages == [
                "unknown key `colour` in `pace`; the keys are \(keys)",
                "unknown key `callsPerMinute` in `pace`; did you mean `calls_per_minute`?",
                "unknown key in `pace` (Rollcall does not repeat it, because it may be a secret); the keys are \(keys)",
            ])
    }

    @Test("A token's place is described without words that may be the token")
    func tokenSources() {
        func words(_ source: SecretSource) -> String { source.words(key: "token", noun: "token") }
        #expect(words(.environment("NORTH_TOKEN_2")) == "the environment variable NORTH_TOKEN_2")
        #expect(words(.file("/run/secrets/north")) == "the token file /run/secrets/north")
        let secret = "sk9Tq2vX7LmP4rWz"
        #expect(words(.environment(secret)) == "the environment variable that `token` names")
        #expect(words(.file("/srv/groups/\(secret)")) == "the token file that `token` names")
    }
}
