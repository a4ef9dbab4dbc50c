using SigmaComms.Cryptography;
using SigmaComms.Messaging.Sessions.Ratchet;

namespace SigmaComms.Messaging.Sessions;

/// <summary>The parts of <see cref="DeviceSessions"/> between memory and bytes.</summary>
internal sealed record DeviceSessionsState(
    NodeId LocalDevice,
    RemoteDevice Remote,
    RemoteDevice? ChangedTo,
    RatchetSession? Current,
    IReadOnlyList<RatchetSession> Archived);
