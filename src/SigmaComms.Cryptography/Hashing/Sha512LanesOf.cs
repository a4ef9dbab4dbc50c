namespace SigmaComms.Cryptography.Hashing;

/// <summary>SHA-512 on vectors of one width.</summary>
/// <typeparam name="TLanes">How vectors are worked with.</typeparam>
/// <typeparam name="TVector">One word of each block.</typeparam>
/// <standard>FIPS 180-4, section 6.4.</standard>
internal sealed unsafe class Sha512LanesOf<TLanes, TVector> : Sha512Lanes
    where TLanes : struct, ILanes<TVector, ulong>
    where TVector : unmanaged
{
    /// <inheritdoc/>
    public override int Width => TLanes.Width;

    /// <inheritdoc/>
    public override void Compress(ulong* state, ulong* words) =>
        Sha512Rounds<TLanes, TVector>.Compress((TVector*)state, (TVector*)words);
}
