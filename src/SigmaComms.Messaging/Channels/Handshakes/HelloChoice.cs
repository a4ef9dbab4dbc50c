namespace SigmaComms.Messaging.Channels.Handshakes;

/// <summary>What a server takes from a ClientHello.</summary>
/// <standard>RFC 8446, sections 4.1.1, 4.2.3, 4.2.7 and 4.2.8; RFC 7301, section 3.2.</standard>
internal sealed class HelloChoice
{
    /// <summary>
    /// The most key shares that are looked at: 8. A client needs one; those that are compared with each other are few.
    /// </summary>
    public const int SharesMax = 8;

    private HelloChoice(SuiteProfile suite, TlsGroup group, byte[]? share, int shareCount, string? protocol)
    {
        Suite = suite;
        Group = group;
        Share = share;
        ShareCount = shareCount;
        ApplicationProtocol = protocol;
    }

    public SuiteProfile Suite { get; }

    public TlsGroup Group { get; }

    /// <summary>The client's share for the group; null if it must first be asked for.</summary>
    public byte[]? Share { get; }

    public int ShareCount { get; }

    public string? ApplicationProtocol { get; }

    /// <summary>Chooses by the server's order of preference.</summary>
    /// <returns>Null, or the alert to send.</returns>
    public static TlsAlert? TryMake(ClientHello hello, TlsOptions options, out HelloChoice? choice)
    {
        choice = null;
        ExtensionSet extensions = hello.Extensions;
        if (!extensions.Has(ExtensionType.SignatureAlgorithms) || !extensions.Has(ExtensionType.SupportedGroups)
            || !extensions.Has(ExtensionType.KeyShare))
        {
            return TlsAlert.MissingExtension;
        }

        ushort[]? schemes = ExtensionCodec.ReadU16List(extensions.Content(ExtensionType.SignatureAlgorithms));
        ushort[]? groups = ExtensionCodec.ReadU16List(extensions.Content(ExtensionType.SupportedGroups));
        List<(TlsGroup Group, byte[] Share)>? shares =
            ExtensionCodec.ReadClientKeyShares(extensions.Content(ExtensionType.KeyShare));
        if (schemes is null || groups is null || shares is null)
        {
            return TlsAlert.DecodeError;
        }

        if (!AreLawful(shares, groups))
        {
            return TlsAlert.IllegalParameter;
        }

        TlsCipherSuite suite = options.Suites.FirstOrDefault(s => hello.Suites.Contains((ushort)s));
        TlsGroup group = ChooseGroup(options, groups, shares);
        if (suite == TlsCipherSuite.None || group == TlsGroup.None || !schemes.Contains(ExtensionCodec.MlDsa65))
        {
            return TlsAlert.HandshakeFailure;
        }

        TlsAlert? fault = ChooseProtocol(extensions, options, out string? protocol);
        byte[]? share = shares.FirstOrDefault(s => s.Group == group).Share;
        choice = new HelloChoice(SuiteProfile.Of(suite), group, share, shares.Count, protocol);
        return fault;
    }

    // Each share is for another group, and only for groups that were named.
    private static bool AreLawful(List<(TlsGroup Group, byte[] Share)> shares, ushort[] groups)
    {
        if (shares.Count > SharesMax)
        {
            return false;
        }

        for (int i = 0; i < shares.Count; i++)
        {
            TlsGroup group = shares[i].Group;
            if (!groups.Contains((ushort)group) || shares.FindIndex(s => s.Group == group) != i)
            {
                return false;
            }
        }

        return true;
    }

    // A share that is here saves a round trip, so it goes before the order of preference.
    private static TlsGroup ChooseGroup(
        TlsOptions options, ushort[] groups, List<(TlsGroup Group, byte[] Share)> shares)
    {
        TlsGroup withShare = options.Groups.FirstOrDefault(g => shares.Exists(s => s.Group == g));
        return withShare != TlsGroup.None
            ? withShare
            : options.Groups.FirstOrDefault(g => groups.Contains((ushort)g));
    }

    private static TlsAlert? ChooseProtocol(ExtensionSet extensions, TlsOptions options, out string? protocol)
    {
        protocol = null;
        if (options.ApplicationProtocol is null || !extensions.Has(ExtensionType.ApplicationProtocol))
        {
            return null;
        }

        List<string>? names = ExtensionCodec.ReadApplicationProtocols(
            extensions.Content(ExtensionType.ApplicationProtocol));
        if (names is null)
        {
            return TlsAlert.DecodeError;
        }

        protocol = options.ApplicationProtocol;
        return names.Contains(protocol) ? null : TlsAlert.NoApplicationProtocol;
    }
}
