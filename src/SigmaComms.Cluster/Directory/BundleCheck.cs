using SigmaComms.Cryptography;
using SigmaComms.Messaging.KeyDirectory;
using SigmaComms.Messaging.Links;

namespace SigmaComms.Cluster.Directory;

/// <summary>
/// Whether a bundle may be kept: another node that sends it may lie, so its device's own signature is asked for, by the
/// key that an account record names.
/// </summary>
internal sealed class BundleCheck(NodeContext node)
{
    /// <summary>What speaks against keeping the bundle; null if nothing does.</summary>
    /// <param name="device">Whose it is said to be.</param>
    /// <param name="encoded">Untrusted bytes.</param>
    /// <param name="isLastResort">Which kind it must be.</param>
    /// <param name="bundle">The bundle, if nothing speaks against it.</param>
    public Refused? Objection(
        NodeId device, ReadOnlyMemory<byte> encoded, bool isLastResort, out PrekeyBundle? bundle)
    {
        ReadOnlyMemory<byte> key = node.Devices.KeyOf(device);
        if (key.IsEmpty)
        {
            bundle = null;
            return new Refused(
                RefusalReason.Unavailable, $"no account here names the device {device.Short}; publish it first");
        }

        return PrekeyBundle.TryDecode(encoded.Span, out bundle)
            && bundle.DeviceId == device
            && bundle.IsLastResort == isLastResort
            && bundle.Verify(key.Span, node.Time.GetUtcNow())
            ? null
            : new Refused(RefusalReason.BadSignature, "a prekey bundle does not verify or has expired");
    }

    /// <summary>
    /// What orders the last-resort bundles of a device: the end and the id that it signed, so that nobody else can make
    /// one that is never replaced.
    /// </summary>
    public static ulong VersionOf(PrekeyBundle bundle) =>
        ((ulong)Math.Clamp(bundle.Expiry.ToUnixTimeSeconds(), 0, uint.MaxValue) << 32) | bundle.KemPrekeyId;
}
