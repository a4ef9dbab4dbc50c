using System.Diagnostics.CodeAnalysis;
using SigmaComms.Cryptography;
using SigmaComms.Cryptography.Encoding;
using SigmaComms.Cryptography.Kem;
using SigmaComms.Cryptography.Signatures;
using SigmaComms.Messaging.Sessions.Ratchet;

namespace SigmaComms.Messaging.Sessions;

/// <summary>Writes and reads the whole state of <see cref="DeviceSessions"/>. Each state has one encoding.</summary>
internal static class DeviceSessionsCodec
{
    private const byte FormatVersion = 1;
    private const int StateMaxBytes = 8 * 1024 * 1024;

    /// <summary>Writes the state.</summary>
    public static byte[] Write(DeviceSessionsState state)
    {
        var writer = new WireWriter(16 * 1024);
        writer.U8(FormatVersion).Digest(state.LocalDevice.Value);
        WriteRemote(writer, state.Remote);
        writer.Flag(state.ChangedTo is not null);
        if (state.ChangedTo is not null)
        {
            WriteRemote(writer, state.ChangedTo);
        }

        writer.Flag(state.Current is not null);
        state.Current?.Write(writer);
        writer.U8((byte)state.Archived.Count);
        foreach (RatchetSession session in state.Archived)
        {
            session.Write(writer);
        }

        return StateSeal.Add(writer);
    }

    /// <summary>Reads a state; never throws.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DeviceSessionsState? state)
    {
        state = null;
        if (bytes.Length > StateMaxBytes || !StateSeal.TryRemove(bytes, out ReadOnlySpan<byte> body))
        {
            return false;
        }

        var reader = new WireReader(body);
        bool known = reader.U8() == FormatVersion;
        var localDevice = new NodeId(reader.Digest());
        RemoteDevice? remote = ReadRemote(ref reader);
        RemoteDevice? changedTo = reader.Flag() ? ReadRemote(ref reader) : null;
        RatchetSession? current = reader.Flag() ? RatchetSession.Read(ref reader) : null;
        var archived = new List<RatchetSession>();
        int count = reader.U8();
        for (int i = 0; i < Math.Min(count, SessionLimits.ArchivedSessionsMax) && !reader.Failed; i++)
        {
            if (RatchetSession.Read(ref reader) is { } session)
            {
                archived.Add(session);
            }
        }

        if (!known || remote is null || count != archived.Count || !reader.AtEnd)
        {
            current?.Dispose();
            archived.ForEach(session => session.Dispose());
            return false;
        }

        state = new DeviceSessionsState(localDevice, remote, changedTo, current, archived);
        return true;
    }

    private static void WriteRemote(WireWriter writer, RemoteDevice remote) => writer
        .Digest(remote.AccountId.Value)
        .U32(remote.DeviceListVersion)
        .Fixed(remote.SigPublicKey.Span)
        .Fixed(remote.IdentityKey.Span);

    private static RemoteDevice? ReadRemote(ref WireReader reader)
    {
        var accountId = new NodeId(reader.Digest());
        uint deviceListVersion = reader.U32();
        ReadOnlySpan<byte> sigPublicKey = reader.Fixed(MlDsa65.PublicKeySize);
        ReadOnlySpan<byte> identityKey = reader.Fixed(X25519.KeySize);
        return reader.Failed ? null : new RemoteDevice(accountId, deviceListVersion, sigPublicKey, identityKey);
    }
}
