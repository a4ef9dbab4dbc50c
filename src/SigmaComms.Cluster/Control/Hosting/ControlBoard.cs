using SigmaComms.Consensus;

namespace SigmaComms.Cluster.Control.Hosting;

/// <summary>
/// What the replica publishes for everybody on the node. Only the replica's actor and its supervisor write it; outlives
/// the replica's restarts.
/// </summary>
internal sealed class ControlBoard(ControlGenesis genesis)
{
    private ControlStatus _status = new() { State = ControlState.Opening };
    private ControlReading _reading = new(
        genesis.Foundation.Ledger, genesis.Foundation.Header.Height, genesis.Foundation.Digest,
        genesis.Foundation.Header.Timestamp, 0);

    private ProvenState? _proven;
    private ValidatorSet _validators = genesis.Validators;

    /// <summary>How the replica stands.</summary>
    public ControlStatus Status => Volatile.Read(ref _status);

    /// <summary>The state after the last final block.</summary>
    public ControlReading Reading => Volatile.Read(ref _reading);

    /// <summary>The newest state that can be shown to others; null before this process saw a final block.</summary>
    public ProvenState? Proven => Volatile.Read(ref _proven);

    /// <summary>Under whose keys votes are verified.</summary>
    public ValidatorSet Validators => Volatile.Read(ref _validators);

    public void Show(ControlStatus status) => Volatile.Write(ref _status, status);

    public void Show(ControlReading reading) => Volatile.Write(ref _reading, reading);

    public void Show(ProvenState proven) => Volatile.Write(ref _proven, proven);

    public void Show(ValidatorSet validators) => Volatile.Write(ref _validators, validators);
}
