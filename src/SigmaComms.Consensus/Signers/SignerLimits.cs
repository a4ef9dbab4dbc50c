namespace SigmaComms.Consensus.Signers;

/// <summary>How much signers may do. The same on every node, for ever: part of the genesis.</summary>
/// <param name="GuestsPerMemberMax">The most keys that one member vouches for. Default 256.</param>
/// <param name="SessionsPerMemberMax">The most sessions of a member. Default 1,024, a 64th of all.</param>
/// <param name="SessionsPerGuestMax">The most sessions of a guest. Default 4.</param>
/// <param name="UnitsMax">
/// How much a member and its guests may leave behind for ever: an update of the key directory is 1 unit, a new name 4.
/// Default 65,536, so that 16 members could fill the directory and one cannot.
/// </param>
public sealed record SignerLimits(
    int GuestsPerMemberMax = 256,
    int SessionsPerMemberMax = 1_024,
    int SessionsPerGuestMax = 4,
    uint UnitsMax = 65_536);
