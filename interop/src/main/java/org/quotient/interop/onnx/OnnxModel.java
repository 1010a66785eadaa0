package org.quotient.interop.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.quotient.autodiff.Tensor;
import org.quotient.autodiff.network.Model;
import org.quotient.interop.InteropException;

/**
 * A network read from a file, with what is needed to write it back.
 *
 * @param proto the file's content as read
 * @param model the network at the point that the file holds
 * @param storage where each parameter and buffer is kept: from its name to the initialiser's (they differ only for
 *     running statistics that the file stores together with a weight)
 */
public record OnnxModel(ModelProto proto, Model model, Map<String, String> storage) {
    /** Copies the map, keeping its order. */
    public OnnxModel {
        storage = Collections.unmodifiableMap(new LinkedHashMap<>(storage));
    }

    /**
     * Checks that every parameter and buffer is a finite number.
     *
     * @return this
     * @throws InteropException naming the first tensor that is not
     */
    public OnnxModel requireFinite() {
        for (String name : model.weights().names()) {
            Tensor values = model.weights().get(name);
            for (int i = 0; i < values.size(); i++) {
                if (!Double.isFinite(values.get(i))) {
                    throw new InteropException("The weight '" + name + "' holds " + values.get(i) + " at place " + i
                            + "; all weights must be finite. The training that made this file has probably diverged.");
                }
            }
        }
        return this;
    }
}
