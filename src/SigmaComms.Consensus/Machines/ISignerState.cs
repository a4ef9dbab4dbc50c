using SigmaComms.Cryptography;

namespace SigmaComms.Consensus.Machines;

/// <summary>
/// The state of the one machine that says whose commands are executed and how much they may leave behind for ever. The
/// ledger asks it before each command; members of the cluster it knows from the machine that says who votes.
/// </summary>
public interface ISignerState : IMachineState
{
    /// <summary>Whether a key that is no member's may command.</summary>
    /// <param name="signer">The hash of the key.</param>
    /// <param name="isMember">Whether a node is a member.</param>
    bool IsVouchedFor(NodeId signer, Func<NodeId, bool> isMember);

    /// <summary>How many sessions a signer may have.</summary>
    /// <param name="isMember">Whether the signer is a member.</param>
    int SessionsMax(bool isMember);

    /// <summary>Whether a signer has left behind as much as it may.</summary>
    /// <param name="signer">The signer, a member or vouched for.</param>
    /// <param name="isMember">Whether it is a member.</param>
    bool HasSpent(NodeId signer, bool isMember);

    /// <summary>Counts what a command of a signer left behind for ever.</summary>
    /// <param name="signer">The signer.</param>
    /// <param name="isMember">Whether it is a member.</param>
    /// <param name="units">How much, as the machine says that executed it.</param>
    ISignerState Charge(NodeId signer, bool isMember, uint units);
}
