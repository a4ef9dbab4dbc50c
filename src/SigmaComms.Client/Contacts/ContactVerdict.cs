namespace SigmaComms.Client.Contacts;

/// <summary>What a fetched account record means for what is trusted.</summary>
internal enum ContactVerdict
{
    /// <summary>Nothing new.</summary>
    Same,

    /// <summary>Seen for the first time, or a newer device list of the trusted key: stored.</summary>
    Learned,

    /// <summary>An older device list than the known one: ignored.</summary>
    Stale,

    /// <summary>Another account key than the trusted one: blocked until the user accepts.</summary>
    IdentityChanged,

    /// <summary>The trusted account key, with other keys for a known device: blocked until the user accepts.</summary>
    DeviceChanged,

    /// <summary>The account that the user refused under this name: ignored.</summary>
    Rejected,

    /// <summary>One stranger too many: not stored.</summary>
    TooMany,
}
