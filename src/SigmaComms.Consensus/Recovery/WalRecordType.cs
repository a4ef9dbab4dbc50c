namespace SigmaComms.Consensus.Recovery;

/// <summary>The first byte of a record; permanent.</summary>
public enum WalRecordType : byte
{
    /// <summary><see cref="WalRecord.OwnBallot"/>.</summary>
    OwnBallot = 1,

    /// <summary><see cref="WalRecord.CertificateHeld"/>.</summary>
    CertificateHeld = 2,

    /// <summary><see cref="WalRecord.BlockHeld"/>.</summary>
    BlockHeld = 3,

    /// <summary><see cref="WalRecord.Finalized"/>.</summary>
    Finalized = 4,

    /// <summary><see cref="WalRecord.EpochStarted"/>.</summary>
    EpochStarted = 5,

    /// <summary><see cref="WalRecord.SnapshotTaken"/>.</summary>
    SnapshotTaken = 6,
}
