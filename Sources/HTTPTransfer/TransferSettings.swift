package import Core

/// The limits, trusted certificates and proxies of all exchanges.
package struct TransferSettings: Sendable {
    /// The `User-Agent` of every request, for example `rollcall/1.0.0`.
    package var userAgent: String
    /// The limit for name resolution, connection and TLS set-up together.
    package var connectTimeout: Duration
    /// Maximum concurrent reads per host, each on its own connection; at least 1.
    package var readsPerHost: Int
    /// Maximum concurrent changes per host, at least 1, on connections of their own, so that reads do not delay them.
    package var changesPerHost: Int
    /// A change does not reuse a connection that was idle for longer than this, in whole seconds; 0 never reuses one.
    ///
    /// An idle connection may be closing, and then it is unknown whether the change was made. Servers usually keep idle
    /// connections for at least two seconds.
    package var idleSecondsBeforeChange: Int
    /// Maximum bytes of an answer's body after decompression.
    package var responseLimit: Int
    /// Maximum bytes of an answer's header.
    package var headerLimit: Int
    /// The speed in bytes per second below which an exchange fails after `stallWindow`.
    package var stallBytesPerSecond: Int
    /// How long an exchange may stay below `stallBytesPerSecond`, in whole seconds.
    package var stallWindow: Duration
    /// The PEM file of the only trusted certificate authorities; nil trusts the system's.
    package var caFile: String?
    /// The proxies.
    package var proxies: ProxySettings

    /// Uses the defaults, with certificates and proxies from the environment as `curl` reads them.
    ///
    /// `caFile` overrides `CURL_CA_BUNDLE`, which overrides `SSL_CERT_FILE`.
    package init(userAgent: String, caFile: String? = nil, environment: [String: String]) {
        self.userAgent = userAgent
        self.connectTimeout = .seconds(10)
        self.readsPerHost = 8
        self.changesPerHost = 64
        self.idleSecondsBeforeChange = 1
        self.responseLimit = 64 << 20
        self.headerLimit = 64 << 10
        self.stallBytesPerSecond = 1
        self.stallWindow = .seconds(60)
        self.caFile = caFile ?? environment.firstValue(of: "CURL_CA_BUNDLE", "SSL_CERT_FILE")
        self.proxies = ProxySettings(environment: environment)
    }
}

/// The proxies, read from the environment by the rules of `curl`.
package struct ProxySettings: Sendable {
    /// The proxy for `http` URLs: `http_proxy`, in lower case only, or `all_proxy`.
    package var http: String?
    /// The proxy for `https` URLs: `https_proxy` or `all_proxy`, in either case.
    package var https: String?
    /// The hosts reached without a proxy: `no_proxy`, in either case, separated by commas; `*` means all.
    package var exceptions: String?

    /// Reads the environment.
    ///
    /// Ignores `HTTP_PROXY` in capitals, which the client of a CGI program can set.
    package init(environment: [String: String]) {
        let all = environment.firstValue(of: "all_proxy", "ALL_PROXY")
        http = environment.firstValue(of: "http_proxy") ?? all
        https = environment.firstValue(of: "https_proxy", "HTTPS_PROXY") ?? all
        exceptions = environment.firstValue(of: "no_proxy", "NO_PROXY")
    }

    /// Returns the proxy for an origin, ignoring `exceptions`; nil for none.
    ///
    /// Never uses a proxy for this machine, although curl would: plain HTTP is allowed to loopback because the token
    /// then does not leave the machine.
    package func proxy(for origin: HTTPOrigin) -> String? {
        if origin.isLoopback { return nil }
        switch origin.scheme {
        case .http: return http
        case .https: return https
        }
    }
}

extension [String: String] {
    /// Returns the first of some variables that is set and not empty.
    fileprivate func firstValue(of names: String...) -> String? {
        for name in names { if let value = self[name], !value.isEmpty { return value } }
        return nil
    }
}
