namespace SigmaComms.Vault.Erasure;

/// <summary>How bytes of GF(2^8) are added and multiplied many at a time.</summary>
/// <typeparam name="TVector">Some bytes of a fragment.</typeparam>
/// <typeparam name="TFactor">A coefficient in the form that multiplies fastest.</typeparam>
internal interface IFieldVector<TVector, TFactor>
    where TVector : struct
    where TFactor : struct
{
    /// <summary>The table that <see cref="Factor"/> takes from.</summary>
    static abstract byte[] Table { get; }

    /// <summary>Reads a vector.</summary>
    static abstract TVector Load(ref byte bytes, nuint offset);

    /// <summary>Writes a vector.</summary>
    static abstract void Store(TVector value, ref byte bytes, nuint offset);

    /// <summary>Takes a coefficient out of the table.</summary>
    static abstract TFactor Factor(ref byte table, nuint coefficient);

    /// <summary>sum + value x factor.</summary>
    static abstract TVector AddProduct(TVector sum, TVector value, TFactor factor);
}
