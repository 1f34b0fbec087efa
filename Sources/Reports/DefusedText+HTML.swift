extension String {
    /// The text as it must stand in HTML, between tags or as an attribute's value in quotes, to be read there as it is.
    package var defusedForHTML: String {
        var result = ""
        for scalar in defusedForTerminal.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "`": result += "&#96;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
