using System.Numerics;
using SigmaComms.Vault;
using SigmaComms.Vault.Scatter;
using SigmaComms.Vault.Sealing;

namespace SigmaComms.Client.Vaults.Files;

/// <summary>Bounds of one transfer among several.</summary>
internal static class Bounds
{
    /// <summary>The same bounds with another window.</summary>
    public static ScatterOptions With(ScatterOptions given, long windowBytes) => new()
    {
        WindowBytes = windowBytes,
        PutLimit = given.PutLimit,
        GetLimit = given.GetLimit,
        HedgeMin = given.HedgeMin,
        HedgeMax = given.HedgeMax,
        SparesMin = given.SparesMin,
    };

    /// <summary>Room that writing a file takes with all its stripes under way.</summary>
    public static long RoomToPut(long length, VaultShape shape) =>
        RoomOf(length, shape, static layout => Whole(layout.StripeLength));

    /// <summary>
    /// Room that reading a file takes with all its stripes under way: fragments, stripe and plaintext.
    /// </summary>
    public static long RoomToGet(long length, VaultShape shape) => RoomOf(length, shape, static layout =>
        Whole(layout.PlaintextLength)
        + Whole(layout.StripeLength)
        + (layout.DataFragments * Whole(layout.FragmentLength)));

    private static long RoomOf(long length, VaultShape shape, Func<StripeLayout, long> roomOf)
    {
        (long whole, long last) = Math.DivRem(length, shape.StripeSizeBytes);
        long room = whole == 0 ? 0 : whole * roomOf(LayoutOf(shape.StripeSizeBytes, shape));
        return room + (last == 0 ? 0 : roomOf(LayoutOf((int)last, shape)));
    }

    private static StripeLayout LayoutOf(int length, VaultShape shape) =>
        new(length, shape.DataFragments, shape.ParityFragments);

    // Room is lent in powers of two.
    private static long Whole(int bytes) => BitOperations.RoundUpToPowerOf2((uint)bytes);
}
