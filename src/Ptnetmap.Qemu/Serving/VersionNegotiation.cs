using System.Text;
using System.Text.Json;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Qemu.Serving;

/// <summary><c>VFIO_USER_VERSION</c> (vfio-user specification, "Version"): the client's capabilities as JSON text, ours
/// in the reply. The reply is never longer than the request: QEMU reads it into the request's buffer.</summary>
internal static class VersionNegotiation
{
    private const int MaxDepth = 8;

    // The best that fits. What a reply does not say has the specification's default.
    private static readonly byte[][] Replies =
    [
        Text(
            $$$"""{"capabilities":{"max_msg_fds":{{{VfioUserFormat.MostDescriptors}}},"max_data_xfer_size":{{{VfioUserFormat.MaxTransfer}}},"pgsizes":4096,"write_multiple":true}}"""),
        Text($$$"""{"capabilities":{"max_data_xfer_size":{{{VfioUserFormat.MaxTransfer}}},"write_multiple":true}}"""),
        Text($$$"""{"capabilities":{"max_data_xfer_size":{{{VfioUserFormat.MaxTransfer}}}}}"""),
        Text("{}"),
        [],
    ];

    private static readonly byte[] WithoutMultiple =
        Text(
            $$$"""{"capabilities":{"max_msg_fds":{{{VfioUserFormat.MostDescriptors}}},"max_data_xfer_size":{{{VfioUserFormat.MaxTransfer}}},"pgsizes":4096}}""");

    /// <summary>Checks the client's text and chooses ours.</summary>
    /// <param name="request">The client's JSON text with its NUL; empty is allowed.</param>
    /// <returns>Text with its NUL, at most as long as the request's.</returns>
    /// <exception cref="VfioUserException">It is no JSON object, or not ended by a NUL.</exception>
    internal static ReadOnlySpan<byte> Answer(ReadOnlySpan<byte> request)
    {
        bool multiple = !request.IsEmpty && Parse(request);
        if (!multiple && WithoutMultiple.Length <= request.Length)
        {
            return WithoutMultiple;
        }

        foreach (byte[] reply in Replies)
        {
            if (reply.Length <= request.Length && (multiple || reply.AsSpan().IndexOf("write_multiple"u8) < 0))
            {
                return reply;
            }
        }

        return [];
    }

    // True when the client knows REGION_WRITE_MULTI.
    private static bool Parse(ReadOnlySpan<byte> request)
    {
        if (request[^1] != 0)
        {
            throw new VfioUserException("VERSION: its text does not end with a NUL");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(
                request[..^1].ToArray(), new JsonDocumentOptions { MaxDepth = MaxDepth });
            JsonElement root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object
                ? throw new VfioUserException("VERSION: its text is no JSON object")
                : root.TryGetProperty("capabilities", out JsonElement capabilities)
                    && capabilities.ValueKind == JsonValueKind.Object
                    && capabilities.TryGetProperty("write_multiple", out JsonElement multiple)
                    && multiple.ValueKind == JsonValueKind.True;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new VfioUserException("VERSION: its text is no JSON", wrong);
        }
    }

    private static byte[] Text(string json) => Encoding.ASCII.GetBytes(json + "\0");
}
