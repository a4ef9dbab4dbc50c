using System.Text;

namespace SigmaComms.Fuse.Native;

/// <summary>Text as the C library takes it: UTF-8 with a zero at the end.</summary>
internal static class NativePath
{
    public static byte[] Encode(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
