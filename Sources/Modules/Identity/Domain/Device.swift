/// What a browser calls itself, in few words: enough for its owner to know it again.
enum Device {
    /// `Android Chrome`, `iPhone 微信`; without the parts nobody knows, so empty for a program that is no browser.
    static func label(_ userAgent: String) -> String {
        let system = systems.first { userAgent.contains($0.0) }?.1
        let browser = browsers.first { userAgent.contains($0.0) }?.1
        return [system, browser].compactMap { $0 }.joined(separator: " ")
    }

    private static let systems = [
        ("HarmonyOS", "HarmonyOS"), ("OpenHarmony", "HarmonyOS"), ("iPhone", "iPhone"), ("iPad", "iPad"),
        ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"),
    ]
    private static let browsers = [
        ("MicroMessenger", "微信"), ("AlipayClient", "支付宝"), ("Edg", "Edge"), ("Firefox", "Firefox"),
        ("HuaweiBrowser", "华为浏览器"), ("MiuiBrowser", "小米浏览器"), ("Chrome", "Chrome"), ("Safari", "Safari"),
    ]
}
