package import Membership

/// How requests are carried: limits, trust and proxies, the same for every exchange.
package struct TransferSettings: Sendable {
    /// The `User-Agent` of every request, for example `rollcall/1.0.0`.
    package var userAgent: String
    /// How long name resolution, connection and TLS set-up may take together.
    package var connectTimeout: Duration
    /// The most reads that one host sees at a time, one at least, on as many connections; others wait their turn.
    package var readsPerHost: Int
    /// The most changes that one host sees at a time, one at least, on connections of their own: no read keeps them waiting.
    package var changesPerHost: Int
    /// A change is not sent on a connection that has been idle for longer than so many whole seconds, and on none that was used
    /// before where this is zero.
    ///
    /// An idle connection may be dying, and then nobody could say whether the change was made. Servers keep one for two
    /// seconds and more.
    package var idleSecondsBeforeChange: Int
    /// The most bytes of an answer's body, counted after decompression.
    package var responseLimit: Int
    /// The most bytes of an answer's header fields.
    package var headerLimit: Int
    /// Below so many bytes a second, over `stallWindow`, an exchange is given up.
    package var stallBytesPerSecond: Int
    /// How long an exchange may stay below `stallBytesPerSecond`, in whole seconds.
    package var stallWindow: Duration
    /// The certificate authorities that are trusted, and no others, as a PEM file; nil trusts the system's.
    package var caFile: String?
    /// The proxies.
    package var proxies: ProxySettings

    /// The defaults, with trust and proxies from the environment as users of `curl` set them.
    ///
    /// `caFile` wins over `CURL_CA_BUNDLE`, which wins over `SSL_CERT_FILE`.
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

/// Which proxy carries which requests, read from the environment by the rules of `curl`.
package struct ProxySettings: Sendable {
    /// The proxy of `http` URLs: `http_proxy`, in lower case only, or `all_proxy`.
    package var http: String?
    /// The proxy of `https` URLs: `https_proxy` or `all_proxy`, in either case.
    package var https: String?
    /// The hosts that are reached directly: `no_proxy`, in either case, a list with commas; `*` means all.
    package var exceptions: String?

    /// Reads the environment.
    ///
    /// `HTTP_PROXY` in capitals is not read: the client of a CGI program can set it.
    package init(environment: [String: String]) {
        let all = environment.firstValue(of: "all_proxy", "ALL_PROXY")
        http = environment.firstValue(of: "http_proxy") ?? all
        https = environment.firstValue(of: "https_proxy", "HTTPS_PROXY") ?? all
        exceptions = environment.firstValue(of: "no_proxy", "NO_PROXY")
    }

    /// The proxy that requests to an origin go through, `exceptions` aside; nil for none.
    ///
    /// The own machine is never reached through a proxy, where curl would need `no_proxy` to say so: plain HTTP is
    /// allowed to loopback because the token does not leave the machine that way.
    package func proxy(for origin: HTTPOrigin) -> String? {
        if origin.isLoopback { return nil }
        switch origin.scheme {
        case .http: return http
        case .https: return https
        }
    }
}

extension [String: String] {
    /// The first of some variables that is set to more than nothing.
    fileprivate func firstValue(of names: String...) -> String? {
        for name in names {
            if let value = self[name], !value.isEmpty { return value }
        }
        return nil
    }
}
