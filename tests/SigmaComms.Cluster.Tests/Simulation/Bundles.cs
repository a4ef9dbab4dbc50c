using SigmaComms.Messaging.KeyDirectory;

namespace SigmaComms.Cluster.Tests.Simulation;

/// <summary>Prekey bundles that a client of the simulation signs.</summary>
internal static class Bundles
{
    public static ReadOnlyMemory<byte> Of(
        SimCluster cluster, SimClient owner, uint? oneTime, DateTimeOffset? expiry = null) =>
        PrekeyBundle.Create(
            owner.Identity.Key,
            new PrekeyBundleKeys
            {
                DeviceId = owner.Device,
                IdentityKey = new byte[32],
                SignedPrekeyId = 1,
                SignedPrekey = new byte[32],
                KemPrekeyId = oneTime ?? 99,
                KemPrekey = new byte[1_568],
                IsLastResort = oneTime is null,
                Expiry = expiry ?? new DateTimeOffset(cluster.Now.Year + 1, 1, 1, 0, 0, 0, TimeSpan.Zero),
                OneTimePrekeyId = oneTime,
                OneTimePrekey = oneTime is null ? default : new byte[32],
            },
            new SeededRandom(7)).Encoded;
}
