namespace SigmaComms.Cryptography.HashSignatures;

/// <summary>What a hash is for.</summary>
/// <standard>FIPS 205, section 4.2, table 1.</standard>
internal enum SlhAddressType
{
    /// <summary>WOTS_HASH: a step of a chain.</summary>
    Chain = 0,

    /// <summary>WOTS_PK: the ends of all chains of a key.</summary>
    ChainEnds = 1,

    /// <summary>TREE: a node of a tree.</summary>
    Tree = 2,

    /// <summary>FORS_TREE: a node of a tree of few-time keys.</summary>
    Forest = 3,

    /// <summary>FORS_ROOTS: the roots of all trees of few-time keys.</summary>
    ForestRoots = 4,

    /// <summary>WOTS_PRF: the secret at a chain's start.</summary>
    ChainSecret = 5,

    /// <summary>FORS_PRF: a few-time key.</summary>
    ForestSecret = 6,
}
