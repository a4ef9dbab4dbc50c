namespace SigmaComms.Messaging.Links;

/// <summary>What kind of record the directory replicates.</summary>
public enum RecordKind : byte
{
    /// <summary>An account record that a majority accepted; the key is the account id.</summary>
    Account = 1,

    /// <summary>A last-resort prekey bundle; the key is the device id.</summary>
    LastResort = 2,
}
