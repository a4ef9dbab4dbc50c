namespace SigmaComms.Cluster.Storage.Volumes;

/// <summary>What reading a fragment came to.</summary>
internal enum SlotRead
{
    /// <summary>The bytes are right.</summary>
    Whole,

    /// <summary>The bytes are right, but the slot's header is damaged.</summary>
    HeaderDamaged,

    /// <summary>The bytes are not what the label says.</summary>
    Damaged,

    /// <summary>The disk cannot read this slot, and can read others.</summary>
    Unreadable,
}
