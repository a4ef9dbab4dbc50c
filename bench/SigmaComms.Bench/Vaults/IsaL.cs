using System.Runtime.InteropServices;

namespace SigmaComms.Bench.Vaults;

/// <summary>Intel's ISA-L, if Debian's libisal2 is installed: what the erasure code is measured by.</summary>
internal static class IsaL
{
    private const string Library = "libisal.so.2";

    /// <summary>Whether it is there.</summary>
    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(Library, out _);

    [DllImport(Library, EntryPoint = "gf_gen_cauchy1_matrix")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void MakeMatrix(nint matrix, int rows, int columns);

    [DllImport(Library, EntryPoint = "ec_init_tables")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void MakeTables(int columns, int rows, nint matrix, nint tables);

    [DllImport(Library, EntryPoint = "ec_encode_data")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern void Encode(int length, int columns, int rows, nint tables, nint data, nint parity);
}
