namespace SigmaComms.Cluster.Storage;

/// <summary>What was found wrong with a fragment.</summary>
internal enum DamageKind
{
    /// <summary>The bytes are not what the label says: it is quarantined.</summary>
    Content,

    /// <summary>The disk cannot read its slot, and can read others: it is quarantined.</summary>
    Unreadable,

    /// <summary>The slot's header is damaged; the bytes are right, and the header is written again.</summary>
    Header,
}
